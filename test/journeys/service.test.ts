import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../support/claviger.ts'
import { runProgram } from '../support/process.ts'
import { until } from '../support/until.ts'
import { type Box, startBox } from './service/box.ts'

/*
 * The archive becomes a service of a machine that systemd started: a systemd of its own, process 1 of fresh namespaces, which applies every
 * line of the unit for real. So whatever the hardening takes away is known not to be needed.
 */

if (process.getuid?.() !== 0)
  test('needs root, who alone can start a systemd of its own: nothing to show here', () => expect(process.getuid?.()).not.toBe(0))
else {
  // not in /tmp: the machine in namespaces has one of its own
  const work = mkdtempSync('/var/tmp/claviger-service-')
  const archive = join(work, 'claviger.tar.gz')
  const shares = '/root/shares'
  let box: Box

  const must = async (command: readonly [string, ...string[]], how: { seconds?: number; input?: string } = {}): Promise<string> => {
    const { status, said, out } = await box.run(command, how)
    if (status !== 0) throw new Error(`${command.join(' ')}: ${status}\n${said}\n${box.said().slice(-3_000)}`)
    return out
  }
  const json = async (...args: string[]) => JSON.parse(await must(['claviger', ...args, '--json'])) as Record<string, unknown>
  const asked = "fetch('http://127.0.0.1:8200/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
  const ready = async () =>
    (await box.run(['sh', '-c', `/opt/claviger/current/node_modules/node-linux-*/bin/node -e "${asked}"`])).status === 0
  const state = async () => (await json('seal', 'status').catch(() => ({ state: 'away' }))).state
  const unseal = async () => {
    await until('the server to be sealed', async () => (await state()) === 'sealed', 240)
    for (const n of [1, 2]) await must(['sh', '-c', `claviger unseal --share-file ${shares}/*-${n}`])
    await until('the server to be ready', ready, 240)
  }

  beforeAll(async () => {
    const packed = await runProgram(process.execPath, [join(root, 'scripts/package.mjs')], { seconds: 500, env: process.env })
    expect(packed.status, packed.said).toBe(0)
    const made = join(root, packed.out.trim().split('\n').at(-1) ?? '')
    await runProgram('cp', [made, archive], { seconds: 60 })
    box = await startBox()
  }, 600_000)
  afterAll(async () => {
    await box?.stop()
    rmSync(work, { recursive: true, force: true })
  })

  test('install makes it a service that runs, waits for its seal, and knows its data', async () => {
    const folder = '/tmp/unpacked'
    await must(['sh', '-c', `mkdir ${folder} && tar -xzf ${archive} -C ${folder} --strip-components=1`], { seconds: 120 })
    await must([`${folder}/claviger`, 'install'], { seconds: 300 })
    await must(['rm', '-rf', folder])
    expect(await must(['systemctl', 'is-active', 'claviger'])).toBe('active\n')
    expect(await json('seal', 'status')).toMatchObject({ state: 'uninitialised' })
    // nobody else reads it in the journal
    const link = ['cat', '/var/lib/claviger/run/first-run-link'] as const
    expect(await until('the link', async () => (await box.run(link)).out || undefined, 240)).toMatch(/\/setup\?token=/)
    expect(await must(['stat', '-c', '%a %U', '/var/lib/claviger/run/first-run-link'])).toBe('600 root\n')
    expect(box.said()).not.toContain('setup?token=')
    await must(['claviger', 'init', '--shares', '3', '--threshold', '2', '--out-dir', shares])
    await unseal()
  }, 600_000)

  test('no part has a privilege, can gain one, or runs as another than its own', async () => {
    const of = async (part: string) => {
      const pid = (await must(['pgrep', '-f', `server/src/processes/${part}.ts`])).trim()
      const status = await must(['cat', `/proc/${pid}/status`])
      const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1]
      return {
        uid: field('Uid'),
        effective: field('CapEff'),
        gain: field('NoNewPrivs'),
        filtered: field('Seccomp'),
        bound: field('CapBnd'),
      }
    }
    // CAP_CHOWN 0, CAP_DAC_OVERRIDE 1, CAP_FOWNER 3, CAP_KILL 5, CAP_SETGID 6, CAP_SETUID 7
    const none = { effective: '0000000000000000', gain: '1', filtered: '2', bound: '00000000000000eb' }
    expect(await of('keeper')).toEqual({ uid: '64811', ...none })
    expect(await of('api')).toEqual({ uid: '64812', ...none })
    expect(await of('gateway')).toEqual({ uid: '64813', ...none })
    expect(await must(['getent', 'passwd', '64811'])).toContain('claviger-keeper')
    for (const path of ['/var/lib/claviger/keeper', '/var/lib/claviger/secrets', '/etc/claviger/claviger.env'])
      expect((await box.run(['setpriv', '--reuid', '64813', '--regid', '64810', '--clear-groups', 'cat', path])).said).toContain(
        'Permission denied',
      )
    const writable = await must(['sh', '-c', 'find -L /opt/claviger/current -maxdepth 2 \\( ! -user root -o -perm /022 \\) | head -3'])
    expect(writable).toBe('')
  }, 300_000)

  test('systemd finds nothing wrong with the unit, and calls its exposure low', async () => {
    const found = await box.run(['systemd-analyze', 'verify', '/etc/systemd/system/claviger.service'])
    expect(found.said).not.toContain('claviger')
    // of 10.0; what is left is root in the supervisor, its six capabilities and the network
    expect((await box.run(['systemd-analyze', 'security', '--offline=true', '--threshold=32', 'claviger.service'])).status).toBe(0)
  }, 300_000)

  test('it comes back after a kill, sealed, and installing again keeps data and settings', async () => {
    await must(['sh', '-c', 'kill -9 $(cat /var/lib/claviger/run/supervisor.pid)'])
    await unseal()
    await must(['sh', '-c', 'echo CLAVIGER_NODE_NAME=in-the-box >> /etc/claviger/claviger.env'])
    await must(['claviger', 'install', '--from', archive], { seconds: 300 })
    await unseal()
    expect(await must(['cat', '/etc/claviger/claviger.env'])).toContain('in-the-box')
  }, 600_000)

  test('uninstall takes it away and leaves the data', async () => {
    await must(['claviger', 'uninstall'], { seconds: 120 })
    expect((await box.run(['systemctl', 'is-active', 'claviger'])).out).toBe('inactive\n')
    expect((await box.run(['ls', '/opt/claviger/current'])).status).not.toBe(0)
    await must(['test', '-s', '/var/lib/claviger/keeper/installation.json'])
  }, 240_000)
}
