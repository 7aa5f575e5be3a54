import { spawnSync } from 'node:child_process'
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWeb01, type Web01 } from '../../../../lab/web01/index.ts'
import { Secret } from '../../kernel/secret.ts'
import { freePort } from '../../platform/postgres-server/free-port.fixture.ts'
import { dial } from '../../platform/ssh/ssh-server.fixture.ts'
import type { Dial, Login, OpenTarget } from '../contract.ts'
import { linuxSsh } from './index.ts'
import { readWtmp } from './wtmp.ts'

/*
 * A real sshd, which writes wtmp itself, and whose own words are put into auth.log with the time and name that a syslog daemon writes before them:
 * the host has none. As root only: without, nobody may read such logs.
 */

const asRoot = process.getuid?.() === 0
let folder: string
let web01: Web01
let target: OpenTarget
let logging = true
const identity = () => ({ algorithm: 'ssh-ed25519', fingerprint: web01.hostKeyFingerprint })
const onHost = (path: string) => join(folder, 'machine', path)
const root = (): Login => ({
  account: 'root',
  credential: { kind: 'ssh-key', secret: new Secret(Uint8Array.from(readFileSync(join(folder, 'keys/root')))) },
})
const look = () => target.logins?.(identity(), root())
const ssh = (...args: string[]) => {
  const known = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'BatchMode=yes']
  return spawnSync('ssh', ['-i', join(folder, 'keys/root'), '-p', String(web01.port), ...known, ...args], { encoding: 'utf8' })
}

beforeAll(async () => {
  if (!asRoot) return
  folder = await mkdtemp(join(tmpdir(), 'claviger-logins-'))
  const log = (line: string) => {
    const said = /(?:Accepted|Failed) .*/.exec(line)?.[0]
    if (said && logging) appendFileSync(onHost('var/log/auth.log'), `${new Date().toISOString()} web01 sshd[7]: ${said}\n`)
  }
  const started = await startWeb01({ folder, port: await freePort(), log })
  if (!started.ok) throw new Error(started.error.say)
  web01 = started.value
  const opened = linuxSsh.open({ host: web01.host, port: web01.port }, dial as Dial)
  if (!opened.ok) throw new Error(opened.error.code)
  target = opened.value
})
afterAll(async () => {
  await web01?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

test.runIf(asRoot)('a host whose logs do not show our own login says nothing about others', async () => {
  logging = false
  expect(await look()).toMatchObject({ ok: false, error: { code: 'target.not_permitted' } })
  // of yesterday is not of now
  const line = 'sshd[7]: Accepted publickey for root from 127.0.0.1 port 4 ssh2'
  writeFileSync(onHost('var/log/auth.log'), `${new Date(Date.now() - 3_600_000).toISOString()} web01 ${line}\n`)
  expect(await look()).toMatchObject({ ok: false, error: { code: 'target.not_permitted' } })
  logging = true
})

test.runIf(asRoot)('who logged in during the last day is told, with and without a terminal, and at the console', async () => {
  expect(ssh('root@127.0.0.1', 'true').status).toBe(0)
  expect(ssh('-tt', 'root@127.0.0.1', 'true').status).toBe(0)
  // sshd wrote that one itself, and we read what `last` does
  const wtmp = readFileSync(onHost('var/log/wtmp'))
  expect(readWtmp(wtmp, 'x86_64')).toMatchObject([{ account: 'root', address: '127.0.0.1', line: expect.stringMatching(/^pts\//) }])
  expect(spawnSync('last', ['-i', '-f', onHost('var/log/wtmp')], { encoding: 'utf8' }).stdout).toMatch(/^root +pts\/\d+ +127\.0\.0\.1 /)
  // one at the console, as util-linux makes it from text; and others of another day and place
  const at = new Date(Date.now() - 60_000).toISOString().replace('Z', '000+00:00').replace('.', ',')
  const text = `[7] [00042] [1   ] [deploy  ] [tty1        ] [                    ] [0.0.0.0        ] [${at}]\n`
  appendFileSync(onHost('var/log/wtmp'), spawnSync('utmpdump', ['-r'], { input: text }).stdout)
  const foreign = (ago: number) => `${new Date(Date.now() - ago).toISOString()} web01 sshd[9]: Accepted password for deploy from`
  appendFileSync(
    onHost('var/log/auth.log'),
    `${foreign(7_200_000)} 192.0.2.7 port 9 ssh2\n${foreign(40 * 3_600_000)} 192.0.2.8 port 9 ssh2\n`,
  )
  const seen = await look()
  if (!seen?.ok) throw new Error(JSON.stringify(seen))
  const of = (address: string) => seen.value.filter((l) => l.address === address)
  // two within one second are one
  expect(of('127.0.0.1').length).toBeGreaterThanOrEqual(2)
  expect(of('127.0.0.1')[0]).toMatchObject({ account: 'root', program: 'ssh, publickey', still: false, ours: true })
  expect(of('127.0.0.1')[0]?.agoMs).toBeLessThan(600_000)
  expect(of('local')).toMatchObject([{ account: 'deploy', program: 'tty', ours: false }])
  expect(of('192.0.2.7')).toMatchObject([{ account: 'deploy', program: 'ssh, password', ours: false }])
  expect(Math.abs((of('192.0.2.7')[0]?.agoMs ?? 0) - 7_200_000)).toBeLessThan(600_000)
  expect(of('192.0.2.8')).toEqual([])
})

test.runIf(asRoot)('what cannot be read as a log is no login, and breaks nothing', async () => {
  appendFileSync(
    onHost('var/log/auth.log'),
    Buffer.concat([Buffer.alloc(100_000, 0xff), Buffer.from(' sshd[1]: Accepted \n\n=wtmp\nAAAA\n')]),
  )
  appendFileSync(onHost('var/log/wtmp'), Buffer.alloc(100, 7))
  expect(await look()).toMatchObject({ ok: true })
})
