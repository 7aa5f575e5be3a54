import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Door, openDoor } from './test/open-door.ts'
import { until } from './test/until.ts'

/* What officers do to a session, through a real ssh client. */

const begin = async (door: Door, line: string, options: readonly string[] = []) => {
  const child = door.ssh.start([...door.ssh.args(door.user, door.alice, options), line], [door.host.code()])
  let shown = ''
  child.stdout?.on('data', (bytes: Buffer) => {
    shown += bytes
  })
  child.stderr?.on('data', (bytes: Buffer) => {
    shown += bytes
  })
  await until(() => door.host.sessions[0]?.door !== undefined)
  const session = door.host.sessions[0]
  if (!session?.door) throw new Error('no session')
  return { child, session, overseen: session.door, shown: () => shown }
}
const closed = (child: { once(event: 'close', listener: (status: number | null) => void): unknown }) =>
  new Promise((resolve) => child.once('close', resolve))

test('a suspended session passes nothing either way, and goes on where it was', async () => {
  await using door = await openDoor()
  const { child, session, overseen, shown } = await begin(door, 'while read line; do echo "got $line"; done')
  child.stdin?.write('one\n')
  await until(() => shown().includes('got one'))
  overseen.suspend()
  overseen.suspend()
  child.stdin?.write('two\n')
  await delay(500)
  expect(shown()).not.toContain('got two')
  expect(Buffer.concat(session.input).toString()).toBe('one\n')
  overseen.resume()
  await until(() => shown().includes('got two'))
  const over = closed(child)
  child.stdin?.end()
  expect(await over).toBe(0)
})

test('a suspended session ends with its grant all the same, and holds what the target says in bounded memory', async () => {
  await using door = await openDoor()
  door.host.remainingMs = 4_000
  const { child, session, overseen } = await begin(door, 'cat /dev/zero')
  overseen.suspend()
  await delay(300)
  const before = session.output.reduce((sum, bytes) => sum + bytes.length, 0)
  await delay(500)
  expect(session.output.reduce((sum, bytes) => sum + bytes.length, 0)).toBe(before)
  expect(await closed(child)).toBe(255)
  await until(() => session.outcomes.length > 0)
  expect(session.outcomes).toEqual([{ reason: 'grant_ended' }])
})

test('a sentence is shown in a terminal, and not where a program reads', async () => {
  await using door = await openDoor()
  const plain = await begin(door, 'sleep 1')
  expect(plain.overseen.say('Hello.')).toBe(false)
  await closed(plain.child)
  expect(plain.shown()).not.toContain('Hello.')
  door.host.sessions.length = 0
  const terminal = await begin(door, 'sleep 1', ['-tt'])
  expect(terminal.overseen.say('Hello.')).toBe(true)
  await closed(terminal.child)
  expect(terminal.shown()).toContain('[claviger] Hello.')
})
