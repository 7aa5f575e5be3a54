import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type Child, superviseChild } from './child.ts'
import { isRoot, users } from './identity.ts'

const children: Child[] = []
afterEach(async () => {
  for (const child of children.splice(0)) await child.stop()
})

const secret = 'what nobody else may read'
function start(config: object = {}) {
  const log: string[] = []
  const served: Record<string, unknown>[] = []
  const child = superviseChild({
    ...{ name: 'part', file: join(import.meta.dirname, 'test/part.ts'), args: [], config: { secret, ...config } },
    ...{ log: (line: string) => log.push(line), onReady: (message: Record<string, unknown>) => served.push(message) },
  })
  children.push(child)
  return { child, log, served }
}
/** What stands of a process after it ended (until somebody takes note of it) is no running process. */
const runs = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe('a part of the server', () => {
  test('gets its configuration where no other user reads it, leaves no core, and runs as who it should', async () => {
    const message = await start().child.ready
    expect(message).toMatchObject({ length: secret.length, leaked: false, cores: '0', uid: isRoot() ? users.api : process.getuid?.() })
  })

  test('is started again when it is killed, and says so', async () => {
    const { child, log, served } = start()
    const { pid } = (await child.ready) as { pid: number }
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => served.length).toBe(2)
    expect(served[1]?.pid).not.toBe(pid)
    expect(log.join()).toContain('the part ended (SIGKILL); starting it again')
  })

  test('is started again when it ends by itself', async () => {
    const { log, served } = start({ falls: true })
    await expect.poll(() => served.length).toBeGreaterThan(1)
    expect(log.join()).toContain('exit 5')
  })

  test('is replaced when it asks for that, by one that is told what it hands on', async () => {
    const { child, log, served } = start({ replaced: true })
    const { pid } = (await child.ready) as { pid: number }
    await expect.poll(() => served.length).toBe(2)
    expect(served[1]).toMatchObject({ handedOn: 'handed on', length: secret.length })
    expect(child.pid()).toBe(served[1]?.pid)
    expect(runs(pid)).toBe(false)
    expect(log).toEqual(['a test says so: another process takes the place of the part'])
  })

  test('that cannot start is told, and not tried for ever', async () => {
    const { child } = start({ fails: true })
    await expect(child.ready).rejects.toThrow('The part could not start (exit 3)')
    expect(child.pid()).toBeUndefined()
  })

  test('ends when it is told to, and stays ended', async () => {
    const { child, served } = start()
    const { pid } = (await child.ready) as { pid: number }
    await child.stop()
    await child.stop()
    expect(runs(pid)).toBe(false)
    expect(served).toHaveLength(1)
  })

  test('ends when its supervisor is gone, also where what it waits for never comes', async () => {
    const file = join(import.meta.dirname, 'test/part.ts')
    const child = spawn(process.execPath, [file], { stdio: ['pipe', 'ignore', 'ignore', 'ipc'] })
    child.stdin?.end(JSON.stringify({ secret, stubborn: true }))
    let pid: number | undefined
    while (pid === undefined) [{ pid }] = (await once(child, 'message')) as [{ pid?: number }]
    child.disconnect()
    const its = pid
    await expect.poll(() => runs(its), { interval: 500 }).toBe(false)
  })
})
