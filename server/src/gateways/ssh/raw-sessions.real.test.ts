import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDoor } from './test/open-door.ts'
import { passwordTarget } from './test/password-target.ts'
import { opened, signIn } from './test/raw-client.ts'
import { finish } from './test/ssh-client.ts'
import { until } from './test/until.ts'

test('a window that changes its size does so on the target, and in the recording', async () => {
  await using door = await openDoor()
  const client = await signIn(door)
  const shell = await opened((done) => client.shell({ term: 'vt100', cols: 80, rows: 24 }, done))
  let seen = ''
  shell.on('data', (bytes: Buffer) => {
    seen += bytes.toString()
  })
  await until(() => seen.includes('recorded.'))
  shell.setWindow(50, 140, 0, 0)
  shell.write('stty size\n')
  await until(() => seen.includes('50 140'))
  expect(door.host.sessions[0]).toMatchObject({ how: { term: { columns: 80, rows: 24 } }, sizes: [{ columns: 140, rows: 50 }] })
  client.end()
})

test("a client's signal reaches the target, also after the input has ended; one that SSH does not know is dropped", async () => {
  await using door = await openDoor()
  const target = await passwordTarget(door, 'pw-12345', (stream, _command, session) => {
    session.on('signal', (_accept, _reject, { name }) => {
      stream.write(`got ${name}\n`)
      if (name !== 'TERM') return
      stream.exit('TERM', false, 'ended by TERM')
      stream.end()
    })
    stream.write('up\n')
  })
  const client = await signIn(door, 'alice@deploy@old1')
  const channel = await opened((done) => client.exec('work', done))
  let seen = ''
  const exit = new Promise((resolve) => channel.once('exit', (...how) => resolve(how)))
  channel.on('data', (bytes: Buffer) => {
    seen += bytes.toString()
  })
  await until(() => seen.includes('up'))
  channel.signal('USR1')
  await until(() => seen.includes('USR1'))
  channel.signal('TERM')
  expect(await exit).toEqual([null, 'SIGTERM', false, 'ended by TERM'])
  expect(seen).toBe('up\ngot USR1\ngot TERM\n')
  client.end()
  target.close()
})

test('input still reaches a command that has closed its output', async () => {
  await using door = await openDoor()
  const file = join(door.folder, 'late')
  const client = await signIn(door)
  const channel = await opened((done) => client.exec(`exec >&- 2>&-; cat > ${file}`, done))
  const ended = new Promise((resolve) => channel.once('end', resolve))
  const exit = new Promise((resolve) => channel.once('exit', resolve))
  channel.resume()
  await ended
  channel.end('said after the output was closed')
  expect(await exit).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe('said after the output was closed')
  client.end()
})

test('over a shared connection the exit status arrives long after the output has ended', async () => {
  await using door = await openDoor()
  const control = ['-o', `ControlPath=${join(door.folder, 'control')}`]
  const args = (...more: string[]) => door.ssh.args(door.user, door.alice, [...control, ...more])
  const master = door.ssh.start([...args('-o', 'ControlMaster=yes'), 'sleep 60'], [door.host.code()])
  const ended = finish(master)
  await until(() => door.host.sessions.length === 1)
  expect(await door.ssh.run([...args(), 'exec >&- 2>&-; sleep 0.5; exit 9'])).toMatchObject({ status: 9 })
  expect(door.host.sessions[1]?.outcomes).toEqual([{ reason: 'closed', exitStatus: 9 }])
  master.kill()
  await ended
})

test('the door asks for new keys in the middle of a copy, and nothing is lost', async () => {
  await using door = await openDoor({ limits: { bytesPerKey: 1024 * 1024 } })
  const file = join(door.folder, 'random')
  const content = randomBytes(16 * 1024 * 1024)
  writeFileSync(file, content)
  const client = await signIn(door)
  let renewed = 0
  client.on('handshake', () => {
    renewed += 1
  })
  const channel = await opened((done) => client.exec(`cat ${file}`, done))
  const hash = createHash('sha256')
  channel.on('data', (bytes: Buffer) => hash.update(bytes))
  await new Promise((resolve) => channel.once('close', resolve))
  expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'))
  expect(renewed).toBeGreaterThan(2)
  client.end()
  const ran = await door.ssh.run(
    [...door.ssh.args(door.user, door.alice), `sha256sum < ${file}; cat ${file} | sha256sum`],
    [door.host.code()],
  )
  expect(new Set(ran.stdout.trim().split('\n')).size).toBe(1)
})

test('a channel that is opened and closed without a word leaves nothing behind', async () => {
  await using door = await openDoor({ limits: { sessionsPerConnection: 2 } })
  const client = await signIn(door)
  for (let round = 0; round < 5; round += 1) {
    const channel = await opened((done) => client.exec('true', done))
    channel.resume()
    await new Promise((resolve) => channel.once('close', resolve))
  }
  expect(door.host.sessions).toHaveLength(5)
  expect(door.host.sessions.every((session) => session.outcomes.length === 1)).toBe(true)
  client.end()
})
