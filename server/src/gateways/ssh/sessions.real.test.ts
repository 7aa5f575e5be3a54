import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Door, openDoor } from './test/open-door.ts'
import { finish } from './test/ssh-client.ts'
import { until } from './test/until.ts'

const sha256 = (...parts: readonly Uint8Array[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')
const command = (door: Door, line: string, options: readonly string[] = []) => [...door.ssh.args(door.user, door.alice, options), line]

function randomFile(door: Door, bytes: number): { path: string; hash: string } {
  const path = join(door.folder, `random-${bytes}`)
  const content = randomBytes(bytes)
  writeFileSync(path, content)
  return { path, hash: sha256(content) }
}

test('a command runs on the target, and its exit status is passed on', async () => {
  await using door = await openDoor()
  const ran = await door.ssh.run(command(door, 'echo hello; echo oops >&2; exit 7'), [door.host.code()])
  expect(ran).toMatchObject({ status: 7, stdout: 'hello\n' })
  expect(ran.stderr).toContain('[claviger] This session is recorded.\n')
  expect(ran.stderr).toContain('oops\n')
  expect(door.host.sessions).toMatchObject([
    { how: { kind: 'exec', command: 'echo hello; echo oops >&2; exit 7' }, outcomes: [{ reason: 'closed', exitStatus: 7 }] },
  ])
  expect(door.errors).toEqual([])
})

test('the exit status arrives when the command closed its output long before', async () => {
  await using door = await openDoor()
  const ran = await door.ssh.run(command(door, 'exec >&- 2>&-; sleep 0.3; exit 9'), [door.host.code()])
  expect(ran.status).toBe(9)
})

test('a command ended by a signal is reported as such', async () => {
  await using door = await openDoor()
  const ran = await door.ssh.run(command(door, 'kill -TERM $$'), [door.host.code()])
  expect(ran.status).toBe(255)
  expect(door.host.sessions[0]?.outcomes).toEqual([{ reason: 'closed', detail: 'signal TERM' }])
})

test('without standard input (ssh -n) a command runs as well', async () => {
  await using door = await openDoor()
  const ran = await door.ssh.run(command(door, 'cat; echo end; exit 3', ['-n']), [door.host.code()])
  expect(ran).toMatchObject({ status: 3, stdout: 'end\n' })
})

test('64 MiB of output arrive and are recorded byte for byte', async () => {
  await using door = await openDoor()
  const file = randomFile(door, 64 * 1024 * 1024)
  const child = door.ssh.start(command(door, `cat ${file.path}`), [door.host.code()])
  const hash = createHash('sha256')
  child.stdout?.on('data', (bytes: Buffer) => hash.update(bytes))
  const status = await new Promise((resolve) => child.once('close', resolve))
  expect(status).toBe(0)
  expect(hash.digest('hex')).toBe(file.hash)
  expect(sha256(...(door.host.sessions[0]?.output ?? []))).toBe(file.hash)
})

test('16 MiB of input reach the target and are recorded byte for byte', async () => {
  await using door = await openDoor()
  const file = randomFile(door, 16 * 1024 * 1024)
  const child = door.ssh.start(command(door, 'sha256sum'), [door.host.code()])
  if (!child.stdin) throw new Error('no stdin')
  const [ran] = await Promise.all([finish(child), pipeline(createReadStream(file.path), child.stdin)])
  expect(ran.stdout).toBe(`${file.hash}  -\n`)
  expect(sha256(...(door.host.sessions[0]?.input ?? []))).toBe(file.hash)
})

test('standard output and error that both wait for a slow reader arrive whole, in one channel', async () => {
  await using door = await openDoor()
  const file = randomFile(door, 6 * 1024 * 1024)
  const child = door.ssh.start(command(door, `cat ${file.path} & cat ${file.path} >&2; wait`), [door.host.code()])
  const out = createHash('sha256')
  const err: Buffer[] = []
  // neither is read at first, so that both windows are used up
  await delay(1500)
  child.stdout?.on('data', (bytes: Buffer) => out.update(bytes))
  child.stderr?.on('data', (bytes: Buffer) => err.push(bytes))
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
  expect(out.digest('hex')).toBe(file.hash)
  expect(sha256(Buffer.concat(err).subarray(-6 * 1024 * 1024))).toBe(file.hash)
})

test('a reader who does not read holds the target back, and little is kept for them', async () => {
  await using door = await openDoor()
  const bytes = 64 * 1024 * 1024
  const child = door.ssh.start(command(door, `head -c ${bytes} /dev/zero`), [door.host.code()])
  const taken = () => (door.host.sessions[0]?.output ?? []).reduce((sum, part) => sum + part.length, 0)
  // until no more is taken from the target: windows and pipes on the way are full
  for (let before = -1; taken() === 0 || taken() !== before; await delay(700)) before = taken()
  expect(taken()).toBeLessThan(16 * 1024 * 1024)
  let got = 0
  child.stdout?.on('data', (part: Buffer) => {
    got += part.length
  })
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
  expect([got, taken()]).toEqual([bytes, bytes])
})

test('a shell on a terminal shows the notice first, echoes, and has the size that the client says', async () => {
  await using door = await openDoor()
  const line = `stty -F /dev/tty rows 33 cols 99; ssh ${door.ssh.args(door.user, door.alice).join(' ')}`
  const child = door.ssh.start(['-qfec', line, '/dev/null'], [door.host.code()], 'script')
  child.stdin?.write('stty size; echo "answer $((6*7))"; exit 5\n')
  const ran = await finish(child)
  expect(ran.stdout).toContain('33 99')
  expect(ran.stdout).toContain('answer 42')
  expect(ran.stdout.indexOf('This session is recorded.')).toBeLessThan(ran.stdout.indexOf('33 99'))
  expect(ran.status).toBe(5)
  expect(door.host.sessions[0]?.how).toMatchObject({ kind: 'shell', term: { columns: 99, rows: 33, name: 'xterm' } })
})

test('of the environment only language passes', async () => {
  await using door = await openDoor()
  const options = ['-o', 'SetEnv=LC_TIME=de_DE.UTF-8 EVIL=1']
  const ran = await door.ssh.run(command(door, 'echo "$LC_TIME-$EVIL-"', options), [door.host.code()])
  expect(ran.stdout).toBe('de_DE.UTF-8--\n')
})

test('several sessions over one connection (ControlMaster) are each opened and recorded, after one sign-in', async () => {
  await using door = await openDoor()
  const control = ['-o', `ControlPath=${join(door.folder, 'control')}`]
  const master = door.ssh.start(command(door, 'sleep 300', [...control, '-o', 'ControlMaster=yes']), [door.host.code()])
  await until(() => door.host.sessions.length === 1)

  const both = await Promise.all(['one', 'two'].map((word) => door.ssh.run(command(door, `echo ${word}; exit 4`, control))))
  expect(both).toMatchObject([
    { status: 4, stdout: 'one\n' },
    { status: 4, stdout: 'two\n' },
  ])
  master.kill()
  await finish(master)
  expect(door.host.sessions).toHaveLength(3)
  expect(door.host.sessions.slice(1).map((session) => session.outcomes)).toEqual([
    [{ reason: 'closed', exitStatus: 4 }],
    [{ reason: 'closed', exitStatus: 4 }],
  ])
})

test('keys may be exchanged again in the middle of a copy', async () => {
  await using door = await openDoor()
  const file = randomFile(door, 8 * 1024 * 1024)
  const child = door.ssh.start(command(door, `cat ${file.path}`, ['-o', 'RekeyLimit=1M']), [door.host.code()])
  const hash = createHash('sha256')
  child.stdout?.on('data', (bytes: Buffer) => hash.update(bytes))
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
  expect(hash.digest('hex')).toBe(file.hash)
})

test('a client that goes away ends its session, once', async () => {
  await using door = await openDoor()
  const child = door.ssh.start(command(door, 'echo up; sleep 60'), [door.host.code()])
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  child.kill('SIGKILL')
  await until(() => (door.host.sessions[0]?.outcomes.length ?? 0) > 0)
  expect(door.host.sessions[0]?.outcomes).toEqual([{ reason: 'closed', detail: 'the client left' }])
})
