import { existsSync, rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { fail, ok } from '../../kernel/result.ts'
import type { Renewal } from '../contract.ts'
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
  const over = closed(child)
  await until(() => door.host.sessions[0]?.door !== undefined)
  const session = door.host.sessions[0]
  if (!session?.door) throw new Error('no session')
  return { child, session, overseen: session.door, shown: () => shown, over }
}
const closed = (child: { once(event: 'close', listener: (status: number | null) => void): unknown }) =>
  new Promise((resolve) => child.once('close', resolve))

test('a suspended session passes nothing either way, and goes on where it was', async () => {
  await using door = await openDoor()
  const { child, session, overseen, shown, over } = await begin(door, 'while read line; do echo "got $line"; done')
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
  child.stdin?.end()
  expect(await over).toBe(0)
})

test('a suspended session ends with its grant all the same, and holds what the target says in bounded memory', async () => {
  await using door = await openDoor()
  door.host.remainingMs = 8_000
  const { session, overseen, over } = await begin(door, 'cat /dev/zero')
  overseen.suspend()
  await delay(300)
  const before = session.output.reduce((sum, bytes) => sum + bytes.length, 0)
  await delay(500)
  expect(session.output.reduce((sum, bytes) => sum + bytes.length, 0)).toBe(before)
  expect(await over).toBe(255)
  await until(() => session.outcomes.length > 0)
  expect(session.outcomes).toEqual([{ reason: 'grant_ended' }])
})

test('a sentence is shown in a terminal, and not where a program reads', async () => {
  await using door = await openDoor()
  const plain = await begin(door, 'sleep 3')
  expect(plain.overseen.say('Hello.')).toBe(false)
  await plain.over
  expect(plain.shown()).not.toContain('Hello.')
  door.host.sessions.length = 0
  const terminal = await begin(door, 'sleep 3', ['-tt'])
  expect(terminal.overseen.say('Hello.')).toBe(true)
  await terminal.over
  expect(terminal.shown()).toContain('[claviger] Hello.')
})

test('a supervised command does not run before somebody observes, and not one typed line passes', async () => {
  await using door = await openDoor()
  door.host.supervised = true
  const file = `/tmp/claviger-supervised-${process.pid}`
  rmSync(file, { force: true })
  const child = door.ssh.start([...door.ssh.args(door.user, door.alice), `touch ${file}; cat`], [door.host.code()])
  let shown = ''
  const show = (bytes: Buffer) => {
    shown += bytes
  }
  child.stdout?.on('data', show)
  child.stderr?.on('data', show)
  child.stdin?.write('typed ahead\n')
  await until(() => shown.includes('Waiting for an observer'))
  await delay(500)
  expect(existsSync(file)).toBe(false)
  const [session] = door.host.sessions
  if (!session) throw new Error('no session')
  expect(session.input).toEqual([])
  session.unobserved = false
  await until(() => shown.includes('typed ahead'))
  expect(existsSync(file)).toBe(true)
  rmSync(file)
  child.stdin?.end()
  expect(await closed(child)).toBe(0)
})

test('a supervised session that nobody observes ends with its grant, without having reached its target', async () => {
  await using door = await openDoor()
  door.host.supervised = true
  door.host.remainingMs = 2_500
  const child = door.ssh.start([...door.ssh.args(door.user, door.alice), 'id'], [door.host.code()])
  expect(await closed(child)).toBe(255)
  await until(() => (door.host.sessions[0]?.outcomes.length ?? 0) > 0)
  expect(door.host.sessions[0]?.outcomes).toEqual([{ reason: 'grant_ended' }])
})

describe('more time', () => {
  const answered = (decided: Awaited<Renewal['decided']> = ok(undefined), approvers: string[] = []) =>
    ok({
      request: 'req_aaaaaaaaaa' as never,
      approvers,
      link: 'http://localhost/requests/req_aaaaaaaaaa',
      decided: Promise.resolve(decided),
    })

  test('is asked for with two keys at a warning, which pass nothing to the target, and is told when it is given', async () => {
    await using door = await openDoor()
    door.host.remainingMs = 65_000
    const codes: (string | undefined)[] = []
    door.host.renew = async (code) => {
      codes.push(code)
      if (code === undefined) return fail({ code: 'access.fresh_code_needed', say: 'A code.' })
      door.host.sessions[0]?.extend(3_600_000)
      return answered()
    }
    const { child, session, shown, over } = await begin(door, 'cat', ['-tt'])
    await until(() => shown().includes('This session ends in 1m. Press Ctrl-] and then r'))
    child.stdin?.write('\x1dr')
    await until(() => shown().includes('More time takes a fresh code'))
    child.stdin?.write('123456\r')
    await until(() => shown().includes('This session was given more time: it ends in 1h.'))
    expect(codes).toEqual([undefined, '123456'])
    child.stdin?.write('on\r')
    await until(() => shown().includes('on\r\non'))
    expect(Buffer.concat(session.input).toString()).toBe('on\r')
    session.cut('ended_by_officer')
    await over
  })

  test('that somebody must agree to is waited for at work, and a no is told', async () => {
    await using door = await openDoor()
    door.host.remainingMs = 65_000
    door.host.renew = async () => answered(fail({ code: 'access.denied', say: 'The request was denied: not tonight.' }), ['bob'])
    const { child, session, shown, over } = await begin(door, 'cat', ['-tt'])
    await until(() => shown().includes('This session ends in 1m.'))
    child.stdin?.write('\x1dr')
    await until(() => shown().includes('waiting for approval by bob') && shown().includes('denied: not tonight'))
    session.cut('ended_by_officer')
    await over
  })
})
