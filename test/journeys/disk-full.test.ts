import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { call, type inventory, session } from '@claviger/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { must, type Person } from '../support/person.ts'
import { runProgram } from '../support/process.ts'
import { ssh, startSsh } from '../support/ssh.ts'
import { until } from '../support/until.ts'
import { entries, grant, takeOver, workAccount } from '../support/work.ts'

/*
 * No session without a recording: when there is no room for it, a running session ends and a new one does not begin. The folder of
 * the recordings is a file system of 256 KiB, in a mount namespace of the server's own, which only root can make.
 */

if (process.getuid?.() === 0) {
  let claviger: Claviger
  let alice: Person
  let carol: Person
  let account: inventory.Account
  let at: string
  const mounted =
    'mkdir -p "$CLAVIGER_DATA/recordings" && mount -t tmpfs -o size=256k,mode=2750 tmpfs "$CLAVIGER_DATA/recordings" && exec "$@"'

  beforeAll(async () => {
    claviger = await startClaviger({ lab: true, through: ['unshare', '--mount', '/bin/sh', '-c', mounted, 'sh'] })
    carol = await claviger.person('carol')
    alice = await claviger.person('alice')
    await takeOver(claviger, ['root@web01', 'deploy@web01'])
    account = await workAccount(claviger)
    at = `${account.name}@web01`
    await grant(alice, await claviger.person('bob'), at)
  })
  afterAll(() => claviger?.stop())

  /** The folder as the server sees it. */
  const inside = async (command: string) => {
    const enter = ['--mount', '--target', `${claviger.supervisor()}`, '/bin/sh', '-c', command, join(claviger.data, 'recordings')]
    return (await runProgram('nsenter', enter, { seconds: 20 })).out.trim()
  }

  test('a running session ends when its recording finds no room, and the person reads why', async () => {
    expect(readdirSync(join(claviger.data, 'recordings'))).toEqual([])
    // random text does not compress: it needs the room that it seems to need
    const command = 'for i in $(seq 400); do head -c 3000 /dev/urandom | base64; sleep 0.02; done; echo all-was-shown'
    const program = await startSsh(claviger, alice, at, { command, seconds: 60 })
    program.child.stdin?.end()
    expect(await program.ended).toBe(255)
    expect(program.out()).not.toContain('all-was-shown')
    expect(program.said()).toContain('[claviger] The session ended because it could not be recorded.')
    const { sessions } = must(await call(carol.api, session.sessions, { query: { limit: 1 } }))
    const id = sessions[0]?.id ?? ''
    const over = await until('the session to be settled', async () => {
      const shown = must(await call(carol.api, session.getSession, { params: { id } }))
      return shown.state === 'ended' && shown
    })
    expect(over).toMatchObject({ endReason: 'recording_failed', recording: { state: 'interrupted' } })
    expect((await entries(carol, 'session.ended')).some((e) => e.fields.session === id)).toBe(true)
    // what was written up to then is whole
    const { verified } = must(await call(carol.api, session.replayCommands, { params: { id } }))
    expect(verified).toMatchObject({ ok: true })
  })

  test('a new one does not begin, with a sentence', async () => {
    expect(await inside('head -c 300k /dev/zero > "$0/ballast"; df --output=avail "$0" | tail -1')).toBe('0')
    const refused = await ssh(claviger, alice, at, 'echo it-is-open', 30)
    expect(refused.status).toBe(255)
    expect(refused.out).not.toContain('it-is-open')
    expect(refused.said).toMatch(/\[claviger\] .*(disk|room|space).*/i)
  })

  test('and begins again when there is room', async () => {
    await inside('rm "$0/ballast" "$0"/*.clvr')
    // whoever still reads one of them, for the search or a check, keeps its space until it is closed
    await until('a session to begin', async () => (await ssh(claviger, alice, at, 'echo it-is-open', 30)).out.includes('it-is-open'))
  })
} else test('needs root, who alone can make a file system of its own: nothing to show here', () => expect(process.getuid?.()).not.toBe(0))
