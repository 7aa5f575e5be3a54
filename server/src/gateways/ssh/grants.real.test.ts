import { expect, test } from 'vitest'
import { fail, ok } from '../../kernel/result.ts'
import { type Door, openDoor } from './test/open-door.ts'
import { finish } from './test/ssh-client.ts'
import { until } from './test/until.ts'

const command = (door: Door, line: string, options: readonly string[] = []) => [...door.ssh.args(door.user, door.alice, options), line]
const where = (door: Door) => `${door.sshd.user}@web01`
/** A real terminal around the real client. */
const inTerminal = (door: Door) => {
  const line = `ssh ${door.ssh.args(door.user, door.alice).join(' ')}`
  return door.ssh.start(['-qfec', line, '/dev/null'], [door.host.code()], 'script')
}

async function firstRequest(door: Door): Promise<string> {
  await until(() => door.host.waiting.size > 0)
  return [...door.host.waiting.keys()][0] as string
}

test('without a grant a request is filed, the person waits, and goes on when it is approved', async () => {
  await using door = await openDoor()
  door.host.grants.clear()
  const child = door.ssh.start(command(door, 'cat; exit 6'), [door.host.code()])
  child.stdin?.end('sent before anybody approved')
  const ran = finish(child)
  const request = await firstRequest(door)
  expect(door.host.sessions).toEqual([])
  door.host.waiting.get(request)?.(ok(true))

  expect(await ran).toMatchObject({ status: 6, stdout: 'sent before anybody approved' })
  const { stderr } = await ran
  expect(stderr).toContain(
    `[claviger] No grant for ${where(door)}. Request ${request} filed; waiting for approval by bob, carol … (Ctrl-C to stop waiting; http://localhost:8200/requests/${request})`,
  )
  expect(stderr).toContain('[claviger] Approved.')
})

test('a denied request ends the wait with its sentence', async () => {
  await using door = await openDoor()
  door.host.grants.clear()
  const ran = door.ssh.run(command(door, 'echo in'), [door.host.code()])
  const request = await firstRequest(door)
  door.host.waiting.get(request)?.(fail({ code: 'access.denied', say: 'Denied by bob: not during the freeze.' }))
  expect(await ran).toMatchObject({ status: 255, stdout: '' })
  expect((await ran).stderr).toContain('[claviger] Denied by bob: not during the freeze.')
})

test('Ctrl-C in a terminal stops the wait', async () => {
  await using door = await openDoor()
  door.host.grants.clear()
  const child = inTerminal(door)
  const ran = finish(child)
  const request = await firstRequest(door)
  child.stdin?.write('\u0003')
  expect((await ran).stdout).toContain(`Stopped waiting. Request ${request} stays open`)
  expect(door.host.waiting.size).toBe(0)
})

test('a client that goes away stops the wait', async () => {
  await using door = await openDoor()
  door.host.grants.clear()
  const child = door.ssh.start(command(door, 'echo in'), [door.host.code()])
  await firstRequest(door)
  child.kill('SIGKILL')
  await until(() => door.host.waiting.size === 0)
  expect(door.host.sessions).toEqual([])
})

test('at the second the grant ends, the session is cut, also in the middle of its output', async () => {
  await using door = await openDoor()
  // time to come to the target before
  door.host.remainingMs = 8_000
  const ran = await door.ssh.run(command(door, 'while :; do echo out; sleep 0.05; done'), [door.host.code()])
  expect(ran.status).toBe(255)
  expect(ran.stdout).toContain('out\n')
  expect(ran.stderr).toContain(
    `[claviger] The grant has ended. To go on, ask again with: claviger request ${where(door)} --for 1h --reason "…"`,
  )
  expect(door.host.sessions[0]?.outcomes).toEqual([{ reason: 'grant_ended' }])
})

test('a grant that was given more time carries its session past the end that it had', async () => {
  await using door = await openDoor()
  door.host.remainingMs = 8_000
  const child = door.ssh.start(command(door, 'echo up; sleep 9; echo later'), [door.host.code()])
  const ran = finish(child)
  await until(() => Buffer.concat(door.host.sessions[0]?.output ?? []).includes('up'))
  door.host.sessions[0]?.extend(60_000)
  expect(await ran).toMatchObject({ status: 0, stdout: 'up\nlater\n' })
})

test('a flood of output does not delay the end', async () => {
  await using door = await openDoor()
  door.host.remainingMs = 3000
  // nobody reads the client's output, so that everything on the way is full
  const child = door.ssh.start(command(door, 'cat /dev/zero'), [door.host.code()])
  await until(() => door.host.sessions[0]?.outcomes.length === 1)
  expect(door.host.sessions[0]?.outcomes).toEqual([{ reason: 'grant_ended' }])
  expect(await finish(child)).toMatchObject({ status: 255 })
})

test('in a terminal the end is announced', async () => {
  await using door = await openDoor()
  door.host.remainingMs = 14_000
  const ran = await finish(inTerminal(door))
  expect(ran.stdout).toContain('[claviger] This session ends in 10s.')
  expect(ran.stdout).toContain('[claviger] The grant has ended.')
  expect(door.host.sessions[0]?.outcomes).toEqual([{ reason: 'grant_ended' }])
})

test.each([
  ['ended_by_officer', 'A security officer ended this session.'],
  ['recording_failed', 'The session ended because it could not be recorded.'],
  ['grant_ended', 'The grant has ended.'],
] as const)('a session that is cut (%s) ends once, with its sentence', async (reason, sentence) => {
  await using door = await openDoor()
  const child = door.ssh.start(command(door, 'echo up; sleep 60'), [door.host.code()])
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  const session = door.host.sessions[0]
  session?.cut(reason)
  session?.cut('idle')
  const ran = await finish(child)
  expect(ran.status).toBe(255)
  expect(ran.stderr).toContain(`[claviger] ${sentence}`)
  expect(session?.outcomes).toEqual([{ reason }])
})

test('a session in which nothing moves ends', async () => {
  await using door = await openDoor({ limits: { idleMs: 300 } })
  const ran = await door.ssh.run(command(door, 'sleep 60'), [door.host.code()])
  expect(ran.stderr).toContain('[claviger] The session ended because nothing moved in it.')
  expect(door.host.sessions[0]?.outcomes).toEqual([{ reason: 'idle' }])
})

test('a connection without a session is closed after the idle time', async () => {
  await using door = await openDoor({ limits: { idleMs: 300 } })
  const ran = await door.ssh.run(door.ssh.args(door.user, door.alice, ['-N']), [door.host.code()])
  expect(ran.stderr).toContain('No session was open on this connection for a while.')
})

test('a door that closes ends its sessions and waits until each is written down', async () => {
  await using door = await openDoor()
  const child = door.ssh.start(command(door, 'echo up; sleep 60'), [door.host.code()])
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  const ran = finish(child)
  await door.gateway.close()
  expect(door.host.sessions[0]?.outcomes).toEqual([{ reason: 'shutting_down' }])
  expect((await ran).stderr).toContain('[claviger] The session ended because the gateway is stopping.')
})

test('a door that closes while someone waits for an approval says so', async () => {
  await using door = await openDoor()
  door.host.grants.clear()
  const ran = door.ssh.run(command(door, 'echo in'), [door.host.code()])
  await firstRequest(door)
  await door.gateway.close()
  expect((await ran).stderr).toContain('[claviger] The gateway is stopping.')
  expect(door.host.sessions).toEqual([])
})
