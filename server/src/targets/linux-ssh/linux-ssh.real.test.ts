import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWeb01, type Web01 } from '../../../../lab/web01/index.ts'
import { startAsUser } from '../../../../lab/web01/processes.fixture.ts'
import { Secret } from '../../kernel/secret.ts'
import { freePort } from '../../platform/postgres-server/free-port.fixture.ts'
import { connectSsh } from '../../platform/ssh/index.ts'
import { dial as dialSsh } from '../../platform/ssh/ssh-server.fixture.ts'
import {
  ed25519Blob,
  fingerprint,
  formatPublicKeyLine,
  parsePublicKeyLine,
  writeEd25519PrivateKey,
} from '../../protocols/ssh-keys/index.ts'
import { freshPair } from '../../protocols/ssh-keys/keys.fixture.ts'
import { type Credential, type Dial, type FoundAccount, type Login, type OpenTarget, TargetError } from '../contract.ts'
import { linuxSsh } from './index.ts'

const dial = dialSsh as Dial
const asRoot = process.getuid?.() === 0

const password = (text: string): Credential => ({ kind: 'password', secret: Secret.fromText(text) })
const keyFrom = (file: string): Credential => ({ kind: 'ssh-key', secret: new Secret(Uint8Array.from(readFileSync(file))) })
function freshKey(comment: string): { credential(): Credential; fingerprint: string; line: string } {
  const pair = freshPair()
  const blob = ed25519Blob(pair.publicKey)
  const line = formatPublicKeyLine({ type: 'ssh-ed25519', blob, comment })
  return {
    line,
    fingerprint: fingerprint(blob),
    credential: () => ({ kind: 'ssh-key', secret: new Secret(writeEd25519PrivateKey({ ...pair, comment, check: 7 })), publicKey: line }),
  }
}
const fingerprintOfFile = (file: string) => {
  const key = parsePublicKeyLine(readFileSync(`${file}.pub`, 'utf8'))
  return key.ok ? fingerprint(key.value.blob) : ''
}

interface Host {
  web01: Web01
  target: OpenTarget
  identity: Record<string, string>
  /** Runs a command on the host as that account, past our own code. */
  shell(login: Login, command: string, stdin?: string): Promise<string>
}

function hostOf(web01: Web01, more: object = {}): Host {
  const opened = linuxSsh.open(
    { host: web01.host, port: web01.port, ...(web01.authorizedKeysFile && { authorizedKeysFile: web01.authorizedKeysFile }), ...more },
    dial,
  )
  if (!opened.ok) throw new Error(JSON.stringify(opened.error))
  const identity = { algorithm: 'ssh-ed25519', fingerprint: web01.hostKeyFingerprint }
  return {
    ...{ web01, identity, target: opened.value },
    async shell({ account, credential }, command, stdin = '') {
      const connected = await credential.secret.lend('log-in-to-target', (bytes) =>
        connectSsh(
          dial,
          { host: web01.host, port: web01.port, hostKey: { algorithm: 'ssh-ed25519', fingerprint: web01.hostKeyFingerprint } },
          { user: account, proof: { kind: credential.kind, bytes } },
        ),
      )
      if (!connected.ok) throw new Error(JSON.stringify(connected.error))
      const done = await connected.value.exec(command, { stdin: Buffer.from(stdin) })
      await connected.value.close()
      if (!done.ok) throw new Error(JSON.stringify(done.error))
      if (done.value.status !== 0) throw new Error(`${command}: ${done.value.stderr}`)
      return done.value.stdout.toString('utf8')
    },
  }
}

async function all(found: AsyncIterable<FoundAccount> | undefined): Promise<Record<string, FoundAccount>> {
  const accounts: Record<string, FoundAccount> = {}
  for await (const account of found ?? []) accounts[account.name] = account
  return accounts
}

const refused = (account: string) => ({ ok: false, error: { code: 'target.login_refused', account } })

if (asRoot) {
  describe('a host where we are root', () => {
    let folder: string
    let host: Host
    const root = (): Login => ({ account: 'root', credential: keyFrom(join(folder, 'keys/root')) })
    const initialPassword = (name: string) => host.web01.accounts.find((account) => account.name === name)?.password ?? ''

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'claviger-linux-'))
      const started = await startWeb01({ folder, port: await freePort(), log: () => {} })
      if (!started.ok) throw new Error(started.error.say)
      host = hostOf(started.value)
    })
    afterAll(async () => {
      await host?.web01.stop()
      rmSync(folder, { recursive: true, force: true })
    })
    /** An account of its own for a test, made past our code. */
    const addAccount = (name: string, more = '') =>
      host.shell(root(), `useradd -m -s /bin/bash ${more} ${name} && mkdir -m 700 /home/${name}/.ssh && chown ${name}: /home/${name}/.ssh`)

    test('shows the host key that is pinned', async () => {
      expect(await host.target.identify()).toEqual({ ok: true, value: host.identity })
    })

    test('is discovered: root and deploy with what opens them, and nobody who cannot come in', async () => {
      const found = await all(host.target.discover?.(host.identity, root()))
      const key = (name: string) => fingerprintOfFile(join(folder, 'keys', name))
      expect(found).toEqual({
        root: {
          ...{ name: 'root', category: 'local-admin', privileges: ['uid 0', 'sudo'], credentials: ['password', 'ssh-key'], canLogIn: true },
          authorisedKeys: [{ fingerprint: key('root'), comment: 'root@web01 (initial)' }],
        },
        deploy: {
          ...{ name: 'deploy', category: 'local-admin', privileges: ['sudo'], credentials: ['password', 'ssh-key'], canLogIn: true },
          authorisedKeys: [
            { fingerprint: key('deploy'), comment: 'deploy@web01 (initial)' },
            { fingerprint: key('former-admin'), comment: 'former-admin@laptop' },
          ],
        },
      })
    })

    test('shows what else may come in: a second uid 0, a service with a key, an ordinary login, a login without password', async () => {
      const service = freshKey('nightly backup')
      await host.shell(
        root(),
        'useradd -o -u 0 -M -d /root -s /bin/bash toor && useradd -r -M -d /srv/backup -s /usr/sbin/nologin backupper && mkdir -p /srv/backup/.ssh && cat >/srv/backup/.ssh/authorized_keys',
        `no-pty,command="backup \\"all\\"" ${service.line}\n`,
      )
      await host.shell(
        root(),
        'useradd -m -s /bin/bash ann && echo "ann:a password" | chpasswd && useradd -m -s /bin/bash ben && passwd -d ben && useradd -m -s /bin/bash locked && useradd -m -s /bin/bash -e 2020-01-01 gone && echo "gone:a password" | chpasswd',
      )
      const found = await all(host.target.discover?.(host.identity, root()))
      expect(found.toor).toMatchObject({ category: 'local-admin', privileges: ['uid 0'] })
      expect(found.backupper).toMatchObject({
        category: 'service',
        privileges: ['login'],
        credentials: ['ssh-key'],
        canLogIn: false,
        authorisedKeys: [{ fingerprint: service.fingerprint, comment: 'nightly backup' }],
      })
      expect(found.ann).toMatchObject({
        category: 'local-admin',
        privileges: ['login'],
        credentials: ['password'],
        canLogIn: true,
        authorisedKeys: [],
      })
      expect(found.ben).toMatchObject({ privileges: ['login', 'login without a password'], credentials: ['password'] })
      expect(found.locked).toBeUndefined()
      expect(found.gone).toBeUndefined()
      await host.shell(
        root(),
        'for name in ann ben locked gone; do userdel -r $name 2>/dev/null; done; sed -i /^toor:/d /etc/passwd /etc/shadow; userdel backupper',
      )
    })

    test('sets a password that works at once, twice alike, and the old one does not any more', async () => {
      await addAccount('pia')
      await host.shell(root(), 'chpasswd', 'pia:old one\n')
      const next = 'N3w: with: colons, "quotes" $(id) and ünïcödé'
      for (let time = 0; time < 2; time++)
        expect(await host.target.rotate?.(host.identity, root(), 'pia', password(next))).toEqual({ ok: true, value: {} })
      expect(await host.target.verify(host.identity, { account: 'pia', credential: password(next) })).toEqual({
        ok: true,
        value: undefined,
      })
      expect(await host.target.verify(host.identity, { account: 'pia', credential: password('old one') })).toEqual(refused('pia'))
      expect(await host.target.closeOthers?.(host.identity, root(), 'pia', password(next))).toEqual({ ok: true, value: [] })
    })

    test('sets root’s own password while logged in as root', async () => {
      expect(
        await host.target.rotate?.(
          host.identity,
          { account: 'root', credential: password(initialPassword('root')) },
          'root',
          password('for root alone'),
        ),
      ).toMatchObject({ ok: true })
      expect(await host.target.verify(host.identity, { account: 'root', credential: password('for root alone') })).toMatchObject({
        ok: true,
      })
    })

    test.each([
      ['one with a line end, which would set another account’s', 'x\nroot:owned'],
      ['an empty one', ''],
      ['one without end', 'x'.repeat(513)],
    ])('refuses as a password %s', async (_what, text) => {
      expect(await host.target.rotate?.(host.identity, root(), 'deploy', password(text))).toMatchObject({
        ok: false,
        error: { code: 'target.credential_refused' },
      })
      expect(await host.target.verify(host.identity, { account: 'root', credential: password('owned') })).toEqual(refused('root'))
    })

    test.each(['nobody-here', 'x; touch /tmp/owned', '-h', 'root:owned'])('changes nothing for an account named %j', async (name) => {
      const code = name === 'nobody-here' ? 'target.account_gone' : 'target.not_permitted'
      for (const next of [password('whatever'), freshKey('x').credential()]) {
        expect(await host.target.rotate?.(host.identity, root(), name, next)).toMatchObject({ ok: false, error: { code } })
      }
      expect(await host.target.closeOthers?.(host.identity, root(), name, freshKey('x').credential())).toMatchObject({
        ok: false,
        error: { code },
      })
      expect(await host.shell(root(), 'ls /tmp')).not.toContain('owned')
    })

    test('adds our key, keeps every other line, its mode and its owner, and then closes the others', async () => {
      await addAccount('kim')
      const [foreign, limited, ours] = [freshKey('foreign'), freshKey('limited'), freshKey('claviger 1')]
      const before = `# keys of kim\n${foreign.line}\n\nfrom="10.0.0.1",command="echo \\"hi\\"" ${limited.line}\nnot a key at all\n`
      await host.shell(
        root(),
        'cat >/home/kim/.ssh/authorized_keys && chown kim: /home/kim/.ssh/authorized_keys && chmod 640 /home/kim/.ssh/authorized_keys',
        before,
      )
      const look = () => host.shell(root(), 'cat /home/kim/.ssh/authorized_keys')

      for (let time = 0; time < 2; time++)
        expect(await host.target.rotate?.(host.identity, root(), 'kim', ours.credential())).toEqual({ ok: true, value: {} })
      expect(await look()).toBe(`${before}${ours.line}\n`)
      expect(await host.shell(root(), 'stat -c "%U:%G %a" /home/kim/.ssh/authorized_keys; ls -A /home/kim/.ssh')).toBe(
        'kim:kim 640\nauthorized_keys\n',
      )
      expect(await host.target.verify(host.identity, { account: 'kim', credential: ours.credential() })).toMatchObject({ ok: true })
      expect(await host.target.verify(host.identity, { account: 'kim', credential: foreign.credential() })).toMatchObject({ ok: true })

      const closed = await host.target.closeOthers?.(host.identity, root(), 'kim', ours.credential())
      expect(closed).toEqual({ ok: true, value: [foreign.fingerprint, limited.fingerprint, 'a line that is no readable key'] })
      expect(await look()).toBe(`# keys of kim\n\n# closed by Claviger: not a key at all\n${ours.line}\n`)
      expect(await host.target.verify(host.identity, { account: 'kim', credential: foreign.credential() })).toEqual(refused('kim'))
      expect(await host.target.verify(host.identity, { account: 'kim', credential: ours.credential() })).toMatchObject({ ok: true })
      expect(await host.target.closeOthers?.(host.identity, root(), 'kim', ours.credential())).toEqual({ ok: true, value: [] })
    })

    test('adds the first key of an account that never had one', async () => {
      await host.shell(root(), 'useradd -m -s /bin/bash lea')
      const ours = freshKey('claviger')
      expect(await host.target.rotate?.(host.identity, root(), 'lea', ours.credential())).toMatchObject({ ok: true })
      expect(await host.target.verify(host.identity, { account: 'lea', credential: ours.credential() })).toMatchObject({ ok: true })
      expect(await host.shell(root(), 'stat -c "%U %a" /home/lea/.ssh /home/lea/.ssh/authorized_keys')).toBe('lea 700\nlea 600\n')
    })

    test('lets an account rotate its own key, and nothing of others', async () => {
      await addAccount('max')
      const [first, second] = [freshKey('first'), freshKey('second')]
      await host.target.rotate?.(host.identity, root(), 'max', first.credential())
      const max = (): Login => ({ account: 'max', credential: first.credential() })
      // a group that is not max's to give: where it may read, it is kept by keeping the file
      await host.shell(root(), 'cd /home/max/.ssh && chgrp root authorized_keys && chmod 640 authorized_keys')
      expect(await host.target.rotate?.(host.identity, max(), 'max', second.credential())).toMatchObject({
        ok: false,
        error: { code: 'target.not_permitted' },
      })
      await host.shell(root(), 'chmod 600 /home/max/.ssh/authorized_keys')
      expect(await host.target.rotate?.(host.identity, max(), 'max', second.credential())).toMatchObject({ ok: true })
      expect(
        await host.target.closeOthers?.(host.identity, { account: 'max', credential: second.credential() }, 'max', second.credential()),
      ).toEqual({ ok: true, value: [first.fingerprint] })
      const now = (): Login => ({ account: 'max', credential: second.credential() })
      for (const next of [password('x'), freshKey('x').credential()]) {
        expect(await host.target.rotate?.(host.identity, now(), 'deploy', next)).toMatchObject({
          ok: false,
          error: { code: 'target.not_permitted' },
        })
      }
      expect(await host.target.rotate?.(host.identity, now(), 'max', password('x'))).toMatchObject({
        ok: false,
        error: { code: 'target.not_permitted' },
      })
      expect(Object.keys(await all(host.target.discover?.(host.identity, now())))).toEqual(['max'])
    })

    test('is not led elsewhere by an account that puts a link in place of its keys', async () => {
      await addAccount('eve')
      const before = await host.shell(root(), 'cat /root/.ssh/authorized_keys')
      await host.shell(root(), 'rmdir /home/eve/.ssh && ln -s /root/.ssh /home/eve/.ssh')
      expect(await host.target.rotate?.(host.identity, root(), 'eve', freshKey('eve').credential())).toMatchObject({
        ok: false,
        error: { code: 'target.not_permitted' },
      })
      expect(await host.shell(root(), 'cat /root/.ssh/authorized_keys')).toBe(before)
    })

    test('keeps a link to the keys a link', async () => {
      await addAccount('lin')
      await host.shell(root(), 'cd /home/lin && touch kept && chown lin: kept && ln -s ../kept .ssh/authorized_keys')
      const ours = freshKey('claviger')
      expect(await host.target.rotate?.(host.identity, root(), 'lin', ours.credential())).toMatchObject({ ok: true })
      expect(await host.shell(root(), 'readlink /home/lin/.ssh/authorized_keys; cat /home/lin/kept')).toBe(`../kept\n${ours.line}\n`)
    })

    test('does not remove anything when the key to keep is not there', async () => {
      expect(await host.target.closeOthers?.(host.identity, root(), 'deploy', freshKey('elsewhere').credential())).toMatchObject({
        ok: false,
        error: { code: 'target.protocol' },
      })
      expect(
        await host.target.verify(host.identity, { account: 'deploy', credential: keyFrom(join(folder, 'keys/former-admin')) }),
      ).toMatchObject({ ok: true })
    })

    test('removes an authority that could sign its way in, even when its key is the one to keep', async () => {
      await addAccount('caz')
      const ours = freshKey('claviger')
      await host.target.rotate?.(host.identity, root(), 'caz', ours.credential())
      await host.shell(root(), 'cat >>/home/caz/.ssh/authorized_keys', `cert-authority ${ours.line}\n`)
      expect(await host.target.closeOthers?.(host.identity, root(), 'caz', ours.credential())).toEqual({
        ok: true,
        value: [ours.fingerprint],
      })
      expect(await host.shell(root(), 'cat /home/caz/.ssh/authorized_keys')).toBe(`${ours.line}\n`)
    })

    test('cannot log in as an account that is not there, nor with a key that was never added', async () => {
      expect(await host.target.verify(host.identity, { account: 'nobody-here', credential: password('x') })).toEqual(refused('nobody-here'))
      expect(await host.target.verify(host.identity, { account: 'deploy', credential: freshKey('x').credential() })).toEqual(
        refused('deploy'),
      )
    })

    test('says so when the login runs no commands', async () => {
      await host.shell(root(), 'useradd -m -s /usr/sbin/nologin noshell && echo "noshell:a password" | chpasswd')
      const login: Login = { account: 'noshell', credential: password('a password') }
      expect(await host.target.verify(host.identity, login)).toMatchObject({ ok: true })
      expect(await host.target.rotate?.(host.identity, login, 'noshell', password('x'))).toMatchObject({
        ok: false,
        error: { code: 'target.not_permitted' },
      })
      await expect(all(host.target.discover?.(host.identity, login))).rejects.toThrow(TargetError)
    })

    test('is understood past a login shell that talks', async () => {
      await addAccount('tom')
      await host.shell(root(), 'cat >/home/tom/.bashrc', 'echo "uid=0 Welcome"\n')
      const ours = freshKey('tom')
      await host.target.rotate?.(host.identity, root(), 'tom', ours.credential())
      const found = await all(host.target.discover?.(host.identity, { account: 'tom', credential: ours.credential() }))
      expect(found.tom).toMatchObject({ credentials: ['ssh-key'], authorisedKeys: [{ fingerprint: ours.fingerprint }] })
    })

    test('keeps the keys where sshd reads them: outside the homes, and differently for some', async () => {
      // the last test that changes sshd: its file is written anew at each start
      await addAccount('uma')
      await host.shell(
        root(),
        'mkdir -p /etc/ssh/keys && printf "\\nMatch User uma\\n  AuthorizedKeysFile /etc/ssh/keys/%%u\\n" >>/etc/ssh/sshd_config && kill -HUP 1 && sleep 0.5',
      )
      const [ours, foreign] = [freshKey('claviger'), freshKey('foreign')]
      await host.shell(root(), 'cat >/etc/ssh/keys/uma', `${foreign.line}\n`)
      expect((await all(host.target.discover?.(host.identity, root()))).uma).toMatchObject({
        authorisedKeys: [{ fingerprint: foreign.fingerprint }],
      })
      expect(await host.target.rotate?.(host.identity, root(), 'uma', ours.credential())).toMatchObject({ ok: true })
      expect(await host.target.verify(host.identity, { account: 'uma', credential: ours.credential() })).toMatchObject({ ok: true })
      expect(await host.target.closeOthers?.(host.identity, root(), 'uma', ours.credential())).toEqual({
        ok: true,
        value: [foreign.fingerprint],
      })
      expect(await host.shell(root(), 'ls -A /home/uma/.ssh; stat -c "%U %a" /etc/ssh/keys/uma')).toBe('root 644\n')
      expect((await all(host.target.discover?.(host.identity, root()))).deploy?.authorisedKeys).toHaveLength(2)
    })
  })
}

describe('a host where we have one account', () => {
  let folder: string
  let host: Host
  let stop: (() => Promise<void>) | undefined
  let name: string
  const me = (): Login => ({ account: name, credential: keyFrom(host.web01.accounts[0]?.privateKeyFile ?? '') })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'claviger-linux-own-'))
    const started = await startAsUser(folder, await freePort())
    stop = started.stop
    host = hostOf(started.web01)
    name = started.web01.accounts[0]?.name ?? ''
  })
  afterAll(async () => {
    await stop?.()
    rmSync(folder, { recursive: true, force: true })
  })

  test('discovers that account and its keys', async () => {
    const found = await all(host.target.discover?.(host.identity, me()))
    expect(Object.keys(found)).toEqual([name])
    expect(found[name]).toMatchObject({ category: 'local-admin', credentials: ['ssh-key'], canLogIn: true })
    expect(found[name]?.authorisedKeys?.map(({ comment }) => comment)).toEqual([`${name}@web01 (initial)`, 'former-admin@laptop'])
  })

  test('rotates its key where the lab’s sshd reads it, and closes the others', async () => {
    const ours = freshKey('claviger')
    expect(await host.target.rotate?.(host.identity, me(), name, ours.credential())).toEqual({ ok: true, value: {} })
    const now = (): Login => ({ account: name, credential: ours.credential() })
    expect(await host.target.verify(host.identity, now())).toEqual({ ok: true, value: undefined })
    const closed = await host.target.closeOthers?.(host.identity, now(), name, ours.credential())
    expect(closed).toMatchObject({ ok: true, value: [expect.any(String), host.web01.formerAdmin.fingerprint] })
    expect(await host.target.verify(host.identity, me())).toEqual(refused(name))
    expect(await host.target.verify(host.identity, now())).toEqual({ ok: true, value: undefined })
  })
})
