import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWeb01, type Web01 } from '../../../../lab/web01/index.ts'
import { ok } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { freePort } from '../../platform/postgres-server/free-port.fixture.ts'
import { connectSsh } from '../../platform/ssh/index.ts'
import { dial as dialSsh } from '../../platform/ssh/ssh-server.fixture.ts'
import type { Dial, Login, OpenTarget, TellHow } from '../contract.ts'
import { linuxSsh } from './index.ts'
import type { Remote } from './remote.ts'
import { afterBeginning, commandFor } from './script.ts'
import { lookOn, tellOn } from './tell.ts'

// a host with other users is there as root alone
const asRoot = process.getuid?.() === 0
let folder: string
let host: Web01
let target: OpenTarget
const identity = () => ({ algorithm: 'ssh-ed25519', fingerprint: host.hostKeyFingerprint })

beforeAll(async () => {
  if (!asRoot) return
  folder = await mkdtemp(join(tmpdir(), 'claviger-tell-'))
  const started = await startWeb01({ folder, port: await freePort(), log: () => {} })
  if (!started.ok) throw new Error(started.error.say)
  host = started.value
  const opened = linuxSsh.open({ host: host.host, port: host.port }, dialSsh as Dial)
  if (!opened.ok) throw new Error(JSON.stringify(opened.error))
  target = opened.value
  await shell('useradd -m -s /bin/bash app && mkdir -p /etc/app')
})
afterAll(async () => {
  await host?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const root = (): Login => ({
  account: 'root',
  credential: {
    kind: 'ssh-key',
    secret: new Secret(Uint8Array.from(readFileSync(host.accounts.find((a) => a.name === 'root')?.privateKeyFile ?? ''))),
  },
})
async function shell(command: string): Promise<string> {
  const connected = await root().credential.secret.use('recognise', (bytes) =>
    connectSsh(
      dialSsh,
      { host: host.host, port: host.port, hostKey: { algorithm: 'ssh-ed25519', fingerprint: host.hostKeyFingerprint } },
      {
        user: 'root',
        proof: { kind: 'ssh-key', bytes },
      },
    ),
  )
  if (!connected.ok) throw new Error(JSON.stringify(connected.error))
  const done = await connected.value.exec(command)
  await connected.value.close()
  if (!done.ok || done.value.status !== 0) throw new Error(`${command}: ${JSON.stringify(done)}`)
  return done.value.stdout.toString()
}
const tell = async (how: TellHow, secret = 'n3w"secret') =>
  await target.dependents?.tell(identity(), root(), how, { kind: 'password', secret: Secret.fromText(secret) })
const notTold = (step: string) => ({ ok: false, error: { code: 'target.not_told', step } })

describe.runIf(asRoot)('a file on a host', () => {
  test('that the service owns in its own folder is written as the service, and no link leads root elsewhere', async () => {
    await shell('printf "P=old\\n" >/home/app/app.env && chown app: /home/app/app.env && chmod 600 /home/app/app.env')
    const how: TellHow = { file: { path: '/home/app/app.env', line: 'P={secret}', as: 'plain' } }
    expect(await tell(how)).toMatchObject({ ok: true, value: { changed: true } })
    expect(await shell('cat /home/app/app.env; stat -c "%U %a" /home/app/app.env')).toBe('P=n3w"secret\napp 600\n')
    expect(await tell(how)).toMatchObject({ ok: true, value: { changed: false } })
    // the service puts a link into the way: what is root's stays as it is
    await shell('printf "P=root\\n" >/root/own && chmod 600 /root/own && rm /home/app/app.env && ln -s /root/own /home/app/app.env')
    expect(await tell(how, 'other')).toMatchObject(notTold('file'))
    expect(await shell('cat /root/own')).toBe('P=root\n')
    // and a file of root's in a folder that others rule is not touched at all
    await shell('rm /home/app/app.env && cp /root/own /home/app/app.env')
    expect(await tell(how, 'third')).toMatchObject(notTold('file'))
    expect(await shell('cat /home/app/app.env')).toBe('P=root\n')
  })

  test('may be the credential as a whole', async () => {
    await shell('printf old >/etc/app/password && chmod 400 /etc/app/password')
    expect(await tell({ file: { path: '/etc/app/password', as: 'plain' } })).toMatchObject({ ok: true })
    expect(await shell('cat /etc/app/password; stat -c %a /etc/app/password')).toBe('n3w"secret400\n')
  })

  test('that is not there is not made', async () => {
    expect(await tell({ file: { path: '/etc/app/none', as: 'plain' } })).toMatchObject(notTold('file'))
  })
})

describe.runIf(asRoot)('what is run on a host', () => {
  test('that ends with another status than 0 has not taken it, and nothing that it said is repeated', async () => {
    const failed = await tell({ run: { command: 'cat >&2; exit 3' } })
    expect(failed).toMatchObject({ ...notTold('command'), error: { detail: 'the command ended with status 3' } })
    expect(JSON.stringify(failed)).not.toContain('n3w')
    expect(await tell({ run: { command: 'true' }, check: 'false' })).toMatchObject(notTold('check'))
    expect(await tell({ run: { command: 'true', user: 'nobody-there' } })).toMatchObject(notTold('command'))
  })

  // no systemd runs here: on this machine, in a mount of its own, a program answers in its place as systemctl does
  test('a unit is restarted, and one that dies at once is not taken for running', async () => {
    const programs = join(folder, 'programs')
    mkdirSync(programs)
    const program = `#!/bin/sh
echo "$@" >>${folder}/asked
case "$1 $3" in
"is-active app.service") echo active;; "is-active dying.service") echo failed; exit 3;;
"restart app.service"|"restart dying.service"|"cat app.service") ;; *) exit 5;; esac
`
    writeFileSync(join(programs, 'systemctl'), program, { mode: 0o755 })
    const inMount = `mount --bind ${programs} /usr/sbin && exec "$@"`
    const remote: Remote = {
      ...{ me: { name: 'root', uid: 0 }, power: 'root' },
      async run(what, stdin = '') {
        const ran = spawnSync('unshare', ['-m', '/bin/sh', '-c', inMount, 'sh', '/bin/sh', '-c', commandFor('root', what)], {
          input: stdin,
        })
        return ok({ status: ran.status ?? -1, stdout: afterBeginning(ran.stdout) ?? Buffer.alloc(0), stderr: ran.stderr.toString() })
      },
    }
    const secret = Buffer.from('n3w')
    expect(await tellOn(remote, { unit: 'app.service' }, secret)).toEqual(ok({ changed: false }))
    expect(readFileSync(join(folder, 'asked'), 'utf8').split('\n')[0]).toBe('restart -- app.service')
    expect(await tellOn(remote, { unit: 'dying.service' }, secret)).toMatchObject(notTold('unit'))
    expect(await tellOn(remote, { unit: 'none.service' }, secret)).toMatchObject(notTold('unit'))
    expect(await lookOn(remote, { unit: 'app.service' })).toEqual(ok(undefined))
    expect(await lookOn(remote, { unit: 'none.service' })).toMatchObject(notTold('unit'))
  })
})
