import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root, startClaviger } from '../support/claviger.ts'
import { runProgram } from '../support/process.ts'
import { startDatabase } from '../support/two-servers.ts'

/* The tour with Claviger's own state in a PostgreSQL that an operator runs: Debian's 15, over TCP, with the seal of shares. */

test('the tour shows all eight steps on Debian’s PostgreSQL 15 as on the embedded one', async () => {
  const { cluster, url } = await startDatabase()
  try {
    const claviger = await startClaviger({ lab: true, env: { DATABASE_URL: url } })
    try {
      const env = { ...claviger.env, CLAVIGER_SERVER: claviger.base }
      const ran = await runProgram(process.execPath, [join(root, 'test/tour/main.ts'), '--json'], { seconds: 180, env })
      const lines = ran.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { step: string; ok: boolean })
      expect(lines.filter((line) => !line.ok).map((line) => JSON.stringify(line).slice(0, 1500))).toEqual([])
      expect(lines).toHaveLength(8)
      expect(ran.status).toBe(0)
    } finally {
      await claviger.stop()
    }
  } finally {
    await cluster.close()
  }
})
