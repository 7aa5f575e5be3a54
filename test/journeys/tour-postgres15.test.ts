import { test } from 'vitest'
import { startClaviger } from '../support/claviger.ts'
import { startDatabase } from '../support/two-servers.ts'
import { showsAllSteps } from './whole-tour.ts'

/* The tour with Claviger's own state in a PostgreSQL that an operator runs: Debian's 15, over TCP, with the seal of shares. */

test('the tour shows all eight steps on Debian’s PostgreSQL 15 as on the embedded one', async () => {
  const { cluster, url } = await startDatabase()
  try {
    const claviger = await startClaviger({ lab: true, env: { DATABASE_URL: url } })
    try {
      await showsAllSteps(claviger)
    } finally {
      await claviger.stop()
    }
  } finally {
    await cluster.close()
  }
}, 900_000)
