import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../../server/src/platform/postgres-server/free-port.fixture.ts'
import { connectSsh, type SshConnection, type SshDial } from '../../server/src/platform/ssh/index.ts'
import { startWeb01, type Web01 } from './index.ts'
import { clone, fixture, inProcess, startAsUser } from './processes.fixture.ts'

const root = process.getuid?.() === 0
let folder: string
let port: number
const running: { stop(): Promise<void> }[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claviger web01 50%-'))
  port = await freePort()
})
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<Web01> {
  const started = await startWeb01({ folder, port, log: () => {} })
  if (!started.ok) throw new Error(started.error.say)
  running.push(started.value)
  return started.value
}

const dial: SshDial = (host, to) =>
  new Promise((resolve) => {
    const socket = connect(to, host)
    socket.once('connect', () => resolve({ ok: true, value: socket }))
    socket.once('error', (error) => resolve({ ok: false, error: { code: 'target.unreachable', detail: error.message } }))
  })

const logIn = (web01: Pick<Web01, 'hostKeyFingerprint'>, user: string, kind: 'password' | 'ssh-key', bytes: Uint8Array) =>
  connectSsh(
    dial,
    { host: '127.0.0.1', port, hostKey: { algorithm: 'ssh-ed25519', fingerprint: web01.hostKeyFingerprint } },
    { user, proof: { kind, bytes } },
  )

async function run(connection: Awaited<ReturnType<typeof logIn>>, command: string, stdin = ''): Promise<string> {
  const on: SshConnection = connection.ok ? connection.value : await Promise.reject(new Error(JSON.stringify(connection.error)))
  const done = await on.exec(command, { stdin: Buffer.from(stdin) })
  await on.close()
  return done.ok ? `${done.value.stdout}${done.value.stderr}`.trim() : done.error.code
}

const account = (web01: Pick<Web01, 'accounts'>, name: string) => {
  const found = web01.accounts.find((one) => one.name === name)
  return { password: Buffer.from(found?.password ?? ''), key: readFileSync(found?.privateKeyFile ?? '') }
}

const listens = () => dial('127.0.0.1', port).then((socket) => socket.ok && !!socket.value.destroy())
async function gone(): Promise<boolean> {
  for (let tries = 0; tries < 2_400; tries++) {
    if (!(await listens())) return true
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return false
}

if (root) {
  describe('web01 as a host of its own', () => {
    test('leaves the machine below untouched while it runs, and after', async () => {
      const machine = () => [
        ...['/etc/passwd', '/etc/shadow', '/etc/group', '/etc/gshadow'].map((file) =>
          createHash('sha256').update(readFileSync(file)).digest('hex'),
        ),
        readFileSync('/proc/self/mounts', 'utf8'),
        readFileSync('/proc/sys/kernel/hostname', 'utf8'),
        ...['/etc', '/home', '/root', '/run', '/tmp', '/var'].map(
          (path) => `${path} ${!!statSync(`${path}/was-here`, { throwIfNoEntry: false })}`,
        ),
      ]
      const before = machine()
      const web01 = await start()
      const inside = await logIn(web01, 'root', 'password', account(web01, 'root').password)
      expect(
        await run(
          inside,
          'hostname; touch /etc/was-here /home/was-here /root/was-here /run/was-here /tmp/was-here /var/was-here; id -u deploy',
        ),
      ).toBe('web01\n64821')
      expect(machine()).toEqual(before)
      expect(() => execFileSync('getent', ['passwd', 'deploy'])).toThrow()
      await web01.stop()
      expect(machine()).toEqual(before)
    })

    test('shows nothing of the machine inside: no people, no hashes, no files, no processes', async () => {
      const web01 = await start()
      const see = async (command: string) => run(await logIn(web01, 'root', 'ssh-key', account(web01, 'root').key), command)
      expect(await see(`awk -F: '$3 >= 1000 && $3 < 60000' /etc/passwd`)).toBe('')
      expect(await see(`awk -F: '$2 ~ /^[$]/ {print $1}' /etc/shadow`)).toBe('root\ndeploy')
      expect(await see('ls /')).toBe(
        ['bin dev etc home lib', 'proc root run sbin tmp usr var'].join(' ').split(' ').concat(mergedExtras()).sort().join('\n'),
      )
      expect(await see(`ls -d '${folder}' ${clone} 2>&1 | grep -v 'No such file'`)).toBe('')
      expect(await see('ps -e -o pid= | sort -n | head -1').then(Number)).toBe(1)
      expect(await see('touch /usr/was-here')).toContain('Read-only file system')
      expect(await see('mount -t tmpfs tmpfs /mnt 2>&1 || mknod /tmp/disk b 8 0 2>&1')).toMatch(/not permitted|permission denied/i)
    })

    test('lets root and deploy in by password and by key, and the former admin by the key left behind', async () => {
      const web01 = await start()
      for (const name of ['root', 'deploy']) {
        expect(await run(await logIn(web01, name, 'password', account(web01, name).password), 'id -un')).toBe(name)
        expect(await run(await logIn(web01, name, 'ssh-key', account(web01, name).key), 'id -un')).toBe(name)
      }
      const former = readFileSync(web01.formerAdmin.privateKeyFile)
      expect(await run(await logIn(web01, 'deploy', 'ssh-key', former), 'id -nG')).toBe('deploy sudo')
    })

    test('lets in the real ssh client, with a terminal', async () => {
      const web01 = await start()
      const hostKey = readFileSync(join(folder, 'machine/etc/ssh/ssh_host_ed25519_key.pub'), 'utf8')
      writeFileSync(join(folder, 'known_hosts'), `[127.0.0.1]:${web01.port} ${hostKey}`)
      const options = ['-F', 'none', '-i', 'keys/deploy', '-o', 'UserKnownHostsFile=known_hosts', '-o', 'IdentitiesOnly=yes']
      const said = execFileSync('ssh', ['-tt', '-p', String(port), ...options, 'deploy@127.0.0.1', 'tty; bin/orders-status'], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      expect(said).toMatch(/\/dev\/pts\/\d+\s+release: {2}42/)
    })

    test('keeps its host key, changed passwords and changed keys over a restart', async () => {
      const first = await start()
      const initial = account(first, 'deploy')
      const asRoot = () => logIn(first, 'root', 'password', account(first, 'root').password)
      await run(await asRoot(), 'chpasswd', 'deploy:another one\n')
      await run(await asRoot(), 'cat >/home/deploy/.ssh/authorized_keys', readFileSync(join(folder, 'keys/former-admin.pub'), 'utf8'))
      await first.stop()
      expect(await listens()).toBe(false)

      const second = await start()
      expect(second.hostKeyFingerprint).toBe(first.hostKeyFingerprint)
      expect(await run(await logIn(second, 'deploy', 'password', Buffer.from('another one')), 'id -un')).toBe('deploy')
      expect(await logIn(second, 'deploy', 'password', initial.password)).toMatchObject({ error: { code: 'ssh.login_refused' } })
      expect(await logIn(second, 'deploy', 'ssh-key', initial.key)).toMatchObject({ error: { code: 'ssh.login_refused' } })
    })

    test('writes its first credentials once, for its owner alone', async () => {
      const first = await start()
      const file = join(folder, 'initial-credentials.json')
      expect(statSync(file).mode & 0o777).toBe(0o600)
      const written = readFileSync(file, 'utf8')
      await first.stop()
      expect((await start()).accounts).toEqual(first.accounts)
      expect(readFileSync(file, 'utf8')).toBe(written)
    })

    test('ends the sessions on it when it is stopped', async () => {
      const web01 = await start()
      const session = await logIn(web01, 'root', 'password', account(web01, 'root').password)
      if (!session.ok) throw new Error(session.error.code)
      const sleeping = await session.value.openExec('sleep 600')
      expect(sleeping.ok).toBe(true)
      await web01.stop()
      await session.value.closed
      await web01.ended
    })

    test('dies with its parent, even when that is killed, and the next start works', async () => {
      const { child, first, stop } = await inProcess(process.execPath, [fixture, folder, String(port)])
      running.push({ stop })
      expect(first.ok).toBe(true)
      expect(await listens()).toBe(true)
      child.kill('SIGKILL')
      expect(await gone()).toBe(true)
      expect((await start()).hostKeyFingerprint).toBe(first.value.hostKeyFingerprint)
    })

    test('says which package is missing when there is no sshd', async () => {
      const script = 'mount --bind /dev/null /usr/sbin/sshd && exec "$0" "$@"'
      const { first, stop } = await inProcess('unshare', ['--mount', 'sh', '-c', script, process.execPath, fixture, folder, String(port)])
      running.push({ stop })
      expect(first.error).toEqual({ code: 'web01.sshd_missing', say: "web01 needs OpenSSH's server: apt-get install openssh-server" })
    })
  })
}

/** Which of the optional folders of programs this machine has. */
function mergedExtras(): string[] {
  return ['lib32', 'lib64', 'libx32'].filter((name) => statSync(`/${name}`, { throwIfNoEntry: false }))
}

describe('web01', () => {
  test('ends what an earlier start in its folder left running, and only that', async () => {
    const elsewhere = createServer().listen(0, '127.0.0.1')
    const first = await start()
    const second = await start()
    await first.ended
    expect(second.hostKeyFingerprint).toBe(first.hostKeyFingerprint)
    expect(await listens()).toBe(true)
    expect(elsewhere.listening).toBe(true)
    await new Promise((resolve) => elsewhere.close(resolve))
  })

  test('takes no other process for its own, though its number stands in the file', async () => {
    const other = spawn('sleep', ['600'])
    writeFileSync(join(folder, 'web01.pid'), `${other.pid} 1\n`)
    await start()
    expect(other.signalCode).toBeNull()
    other.kill()
  })

  test('says when its port is taken', async () => {
    const other = createServer().listen(port, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const refused = await startWeb01({ folder, port, log: () => {} })
    expect(refused).toMatchObject({ ok: false, error: { code: 'web01.port_taken', say: expect.stringContaining(String(port)) } })
    await new Promise((resolve) => other.close(resolve))
  })
})

describe('web01 as one’s own account', () => {
  test('has one account, by key only, whose keys lie in the lab’s folder', async () => {
    const { web01, stop } = await startAsUser(folder, port)
    running.push({ stop })
    const [me] = web01.accounts
    expect(web01).toMatchObject({
      shape: 'own-account',
      accounts: [{ privateKeyFile: expect.any(String) }],
      authorizedKeysFile: expect.stringContaining(folder),
    })
    expect(me?.password).toBeUndefined()
    const name = me?.name ?? ''
    expect(await run(await logIn(web01, name, 'ssh-key', account(web01, name).key), 'id -un')).toBe(name)
    expect(await logIn(web01, name, 'password', Buffer.from('any'))).toMatchObject({ error: { code: 'ssh.login_refused' } })
    expect(await logIn(web01, 'root', 'ssh-key', account(web01, name).key)).toMatchObject({ error: { code: 'ssh.login_refused' } })
  })

  test('gives terminals, though sshd may hand them to no group', async () => {
    const { web01, stop } = await startAsUser(folder, port)
    running.push({ stop })
    expect(web01.warning).toBeUndefined()
    const { name = '', privateKeyFile = '' } = web01.accounts[0] ?? {}
    writeFileSync(join(folder, 'key'), readFileSync(privateKeyFile), { mode: 0o600 })
    const options = ['-F', 'none', '-i', 'key', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'StrictHostKeyChecking=no', '-tt']
    const said = execFileSync('ssh', [...options, '-p', String(port), `${name}@127.0.0.1`, 'tty; grep CapEff /proc/self/status'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(said).toMatch(/\/dev\/pts\/\d+\s+CapEff:\s+0{16}\s/)
  })

  test('dies with its parent, even when that is killed, and its sessions with it', async () => {
    const { web01, child, stop } = await startAsUser(folder, port)
    running.push({ stop })
    const session = await logIn(web01, web01.accounts[0]?.name ?? '', 'ssh-key', account(web01, web01.accounts[0]?.name ?? '').key)
    if (!session.ok) throw new Error(session.error.code)
    expect((await session.value.openExec('sleep 600')).ok).toBe(true)
    child.kill('SIGKILL')
    expect(await gone()).toBe(true)
    // as a normal user on a machine that gives terminals, a session ends with its client, which is Claviger's gateway
    if (root) await session.value.closed
    else await session.value.close()
  })
})
