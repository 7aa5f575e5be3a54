import { execFileSync, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { expect, test } from 'vitest'
import { done, openWithFolders } from './test/file-clients.ts'
import { temporaryFolder } from './test/folder.ts'
import { type Door, openDoor } from './test/open-door.ts'
import { finish } from './test/ssh-client.ts'

// Clients that are not OpenSSH's, unmodified: PuTTY's family (plink, psftp, pscp), Dropbear's, and Python's Paramiko, by which Ansible and much else connects.

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Alice's key as PuTTY keeps it, and what PuTTY is told of the door. */
function putty(door: Door): string[] {
  const key = join(door.folder, 'alice.ppk')
  execFileSync('puttygen', [door.alice.path, '-O', 'private', '-o', key])
  const fingerprint = createHash('sha256').update(Buffer.from(door.hostKey.blob, 'base64')).digest('base64').replace(/=+$/, '')
  return ['-noagent', '-hostkey', `SHA256:${fingerprint}`, '-i', key, '-P', String(door.gateway.port)]
}
/** There is no terminal, so the code is read from the input. `typed`: what comes after it, once the person was told that all is recorded. */
async function run(door: Door, program: string, args: readonly string[], typed?: string) {
  // their settings are in the home folder
  const child = spawn(program, args, { env: { ...process.env, HOME: door.folder }, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  child.stdin?.on('error', () => undefined)
  child.stdin?.write(`${door.host.code()}\n`)
  if (typed === undefined) child.stdin?.end()
  let shown = ''
  child.stdout?.on('data', (bytes: Buffer) => {
    const before = shown
    shown += bytes
    const notice = 'This session is recorded'
    if (typed !== undefined && shown.includes(notice) && !before.includes(notice)) child.stdin?.end(typed)
  })
  return await finish(child)
}

test('plink signs in with a key and a code, runs a command and has its exit status', async () => {
  await using door = await openDoor()
  const ran = await run(door, 'plink', ['-ssh', '-no-antispoof', ...putty(door), '-l', door.user, '127.0.0.1', 'echo from-putty; exit 7'])
  expect(ran, ran.stderr).toMatchObject({ status: 7, stdout: 'from-putty\n' })
  expect(ran.stderr).toContain('[claviger] This session is recorded.')
  expect(door.host.sessions).toMatchObject([{ how: { kind: 'exec' }, outcomes: [{ reason: 'closed', exitStatus: 7 }] }])
  expect(door.errors).toEqual([])
})

test('plink carries a shell on a terminal', async () => {
  await using door = await openDoor()
  const args = ['-ssh', '-t', '-no-antispoof', ...putty(door), '-l', door.user, '127.0.0.1']
  const ran = await run(door, 'plink', args, 'echo "answer $((6*7))"; exit 5\n')
  expect(ran.stdout, ran.stderr).toContain('answer 42')
  expect(ran.status).toBe(5)
  expect(door.host.sessions[0]?.how).toMatchObject({ kind: 'shell', term: { columns: 80, rows: 24 } })
})

test('psftp and pscp carry files both ways, each with its hash', async () => {
  const { door, here, there } = await openWithFolders()
  await using _ = door
  const content = randomBytes(3 * 1024 * 1024 + 7)
  writeFileSync(join(here, 'up.bin'), content)
  const batch = join(door.folder, 'batch')
  writeFileSync(
    batch,
    `put ${join(here, 'up.bin')} ${join(there, 'up.bin')}\nget ${join(there, 'up.bin')} ${join(here, 'down.bin')}\nquit\n`,
  )
  const sftp = await run(door, 'psftp', [...putty(door), '-l', door.user, '-b', batch, '127.0.0.1'])
  expect(sftp, sftp.stderr).toMatchObject({ status: 0 })
  expect(sha256(readFileSync(join(here, 'down.bin')))).toBe(sha256(content))
  const ways = ['-sftp', '-scp']
  for (const way of ways) {
    const to = join(there, `by${way}.bin`)
    const copied = await run(door, 'pscp', [way, '-q', ...putty(door), '-l', door.user, join(here, 'up.bin'), `127.0.0.1:${to}`])
    expect(copied, `${way} ${copied.stderr}`).toMatchObject({ status: 0 })
    expect(sha256(readFileSync(to))).toBe(sha256(content))
  }
  const hash = sha256(content)
  expect([0, 1, 2].map((at) => done(door, at).map(({ op, sha256, outcome }) => ({ op, sha256, outcome })))).toEqual([
    [
      { op: 'put', sha256: hash, outcome: 'ok' },
      { op: 'get', sha256: hash, outcome: 'ok' },
    ],
    [{ op: 'put', sha256: hash, outcome: 'ok' }],
    [{ op: 'put', sha256: hash, outcome: 'ok' }],
  ])
  expect(door.errors).toEqual([])
})

test.each(['ed25519', 'ecdsa'])(
  'Dropbear sends the first packet of the key exchange with its offer, and comes in, to a door with a key of %s',
  async (type) => {
    const folder = temporaryFolder()
    const hostKey = join(folder.path, 'key')
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', hostKey])
    // its first choice of a key is Ed25519: where the door has another, its packet does not count
    await using door = await openDoor({ hostKey: readFileSync(hostKey, 'utf8') })
    const key = join(door.folder, 'alice.dropbear')
    execFileSync('dropbearconvert', ['openssh', 'dropbear', door.alice.path, key], { stdio: 'pipe' })
    const args = ['-y', '-y', '-p', String(door.gateway.port), '-l', door.user, '-i', key, '127.0.0.1', 'echo from-dropbear; exit 3']
    const ran = await run(door, 'dbclient', args)
    expect(ran, ran.stderr).toMatchObject({ status: 3, stdout: 'from-dropbear\n' })
    expect(door.host.sessions).toMatchObject([{ how: { kind: 'exec' }, outcomes: [{ reason: 'closed', exitStatus: 3 }] }])
    folder[Symbol.dispose]()
  },
)

const script = `
import paramiko, sys
port, user, key, code, here, there = sys.argv[1:]
transport = paramiko.Transport(("127.0.0.1", int(port)))
transport.start_client(timeout=30)
left = transport.auth_publickey(user, paramiko.Ed25519Key.from_private_key_file(key))
assert left == ["keyboard-interactive"], left
transport.auth_interactive(user, lambda title, say, asked: [code for _ in asked])
channel = transport.open_session()
channel.exec_command("cat; echo from-paramiko >&2; exit 9")
channel.sendall(b"x" * 300000)
channel.shutdown_write()
got = b""
while True:
    part = channel.recv(65536)
    if not part: break
    got += part
files = paramiko.SFTPClient.from_transport(transport)
files.put(here, there)
print(len(got), channel.recv_exit_status(), files.stat(there).st_size)
files.close()
transport.close()
`

test('Paramiko signs in in two steps, runs a command and copies a file over one connection', async () => {
  const { door, here, there } = await openWithFolders()
  await using _ = door
  const content = randomBytes(500_000)
  writeFileSync(join(here, 'up.bin'), content)
  writeFileSync(join(door.folder, 'client.py'), script)
  const paths = [join(here, 'up.bin'), join(there, 'up.bin')]
  const args = [join(door.folder, 'client.py'), String(door.gateway.port), door.user, door.alice.path, door.host.code(), ...paths]
  const ran = await finish(spawn('/usr/bin/python3', args, { stdio: ['ignore', 'pipe', 'pipe'] }))
  expect(ran, ran.stderr).toMatchObject({ status: 0, stdout: '300000 9 500000\n' })
  expect(sha256(readFileSync(join(there, 'up.bin')))).toBe(sha256(content))
  expect(done(door, 1)).toMatchObject([{ op: 'put', outcome: 'ok', bytes: 500_000, sha256: sha256(content) }])
  expect(door.host.sessions[0]?.outcomes).toEqual([{ reason: 'closed', exitStatus: 9 }])
  expect(door.errors).toEqual([])
})

test('who only asks anew to sign in is answered six times, and then let go', async () => {
  await using door = await openDoor()
  const client = new ssh2.Client()
  const parts = client as unknown as { _protocol: { service(name: string): void; _handlers: Record<string, () => void> } }
  let answered = 0
  const over = new Promise<void>((resolve) => client.once('close', () => resolve()))
  client.on('error', () => undefined)
  client.once('handshake', () => {
    // ssh2's own client would sign in at the first answer
    parts._protocol._handlers.SERVICE_ACCEPT = () => {
      answered += 1
      parts._protocol.service('ssh-userauth')
    }
  })
  client.connect({ host: '127.0.0.1', port: door.gateway.port, username: door.user, password: 'x' })
  await over
  expect(answered).toBe(6)
  expect(door.errors).toEqual([])
})
