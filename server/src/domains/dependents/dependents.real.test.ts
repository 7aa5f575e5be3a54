import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWeb01, type Web01 } from '../../../../lab/web01/index.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { Authority } from '../../keeper/contract.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { AccountId, DependentId, PersonId, TargetId } from '../../kernel/id.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { freePort } from '../../platform/postgres-server/free-port.fixture.ts'
import { connectSsh } from '../../platform/ssh/index.ts'
import { dial } from '../../platform/ssh/ssh-server.fixture.ts'
import type { TellHow } from '../../targets/contract.ts'
import { targetKinds } from '../../targets/registry.ts'
import { must } from '../identity/test/house.ts'
import { addTarget } from '../inventory/add-target.ts'
import { createKinds } from '../inventory/index.ts'
import { rotateAccount } from '../rotation/index.ts'
import { addDependent } from './add-dependent.ts'
import { changeState } from './change-state.ts'
import { showDependents } from './dependents.view.ts'
import type { DependentDeps } from './deps.ts'
import { lookAtDependent } from './look-at-dependent.ts'
import { tellDependent } from './tell-dependent.ts'
import { tellNow } from './tell-now.ts'

// a host of its own, with users of its own, is there as root alone
const asRoot = process.getuid?.() === 0
const folder = mkdtempSync(join(tmpdir(), 'claviger-dependents-'))
let world: World
let deps: DependentDeps
let host: Web01
let web: TargetId
let app: AccountId
type Someone = { id: PersonId; code(): string }

beforeAll(async () => {
  chmodSync(folder, 0o711)
  world = await openWorld()
  const kinds = createKinds(targetKinds, createDialer({ allow: [{ cidr: '127.0.0.0/8' }], ownListeners: [], lab: true }))
  deps = { db: world.db, audit: world.audit, keeper: world.keeper, now: world.clock.now, kinds, retryMs: 50 }
  if (!asRoot) return
  host = must(await startWeb01({ folder: join(folder, 'web'), port: await freePort(), log: () => undefined }))
  const login = { account: 'root', kind: 'ssh-key' as const, secret: rootKey() }
  await shell('useradd -m -s /bin/bash svcapp && echo svcapp:first-password-1 | chpasswd && mkdir -p /etc/app')
  const added = must(
    await addTarget({ audit: world.audit, keeper: world.keeper, kinds }, null, world.setup, {
      ...{ name: 'web', kind: 'linux-ssh', environment: 'lab', tier: 1 },
      settings: { host: host.host, port: host.port, ...(host.authorizedKeysFile && { authorizedKeysFile: host.authorizedKeysFile }) },
      identity: { algorithm: 'ssh-ed25519', fingerprint: host.hostKeyFingerprint },
      login,
    }),
  )
  web = added.id
  app = (await world.sql("select id from account where target_id = $1 and name = 'svcapp'", [web]))[0]?.id as AccountId
})
afterAll(async () => {
  await host?.stop()
  await world?.close()
  rmSync(folder, { recursive: true, force: true })
})

const rootKey = () => readFileSync(host.accounts.find((a) => a.name === 'root')?.privateKeyFile ?? '', 'utf8')
async function shell(command: string): Promise<string> {
  const connected = must(
    await connectSsh(
      dial,
      { host: host.host, port: host.port, hostKey: { algorithm: 'ssh-ed25519', fingerprint: host.hostKeyFingerprint } },
      { user: 'root', proof: { kind: 'ssh-key', bytes: Buffer.from(rootKey()) } },
    ),
  )
  const done = must(await connected.exec(command))
  await connected.close()
  if (done.status !== 0) throw new Error(`${command}: ${done.stderr}`)
  return done.stdout.toString()
}
const file = async (text: string, path: string, more = '') => {
  await shell(`printf '%b' '${text}' > ${path} && ${more || 'true'}`)
  return path
}
const added = async (who: Someone, how: TellHow, account = app) =>
  await addDependent(deps, who.id, world.stepUp(who) as Authority, { account, credential: 'password', host: 'web', how })
const rotate = async (account = app) =>
  must(await rotateAccount({ ...deps, kinds: deps.kinds }, { account, trigger: 'on-demand', reason: 'test', by: null }))
const tell = async (id: DependentId) => must(await tellDependent(deps, { id, host: web }, { patienceMs: 5_000, early: true }))
const password = async (state: 'current' | 'previous' = 'current'): Promise<string> => {
  const opened = must(await world.inside.context.vault.openState({ kind: 'account', id: app, what: 'password' }, state))
  return await opened.secret.use('recognise', (bytes) => Buffer.from(bytes).toString())
}
const shown = async (id: DependentId) => (await showDependents(deps.db, { id, limit: 1 })).dependents[0]
const entriesOf = async (id: string) =>
  ((await world.entries()) as unknown as { act: string; phase: string; fields: Row }[]).filter((e) => e.fields.dependent === id)

describe.runIf(asRoot)('what uses an account', () => {
  test('knows its new password after a rotation: the line is written, owner and mode stay, and the command got it on standard input', async () => {
    const path = await file(
      'HOST=db\\nPASSWORD="old"\\n',
      '/etc/app/one.env',
      'chown svcapp: /etc/app/one.env && chmod 640 /etc/app/one.env',
    )
    const how: TellHow = {
      file: { path, line: 'PASSWORD="{secret}"', as: 'json' },
      run: { command: 'umask 077; cat >/tmp/taken; tr "\\\\0" " " </proc/$$/cmdline >/tmp/argv', user: 'svcapp' },
      check: 'test -s /tmp/taken',
    }
    const id = must(await added(world.carol, how))
    must(await lookAtDependent(deps, id, world.carol.id))
    expect(await shown(id)).toMatchObject({ state: 'active', news: null })
    await rotate()
    expect(await shown(id)).toMatchObject({ news: 'waiting' })
    expect(await tell(id)).toMatchObject({ did: 'told' })
    const now = await password()
    expect(await shell(`cat ${path}`)).toBe(`HOST=db\nPASSWORD=${JSON.stringify(now)}\n`)
    expect((await shell(`stat -c '%U %a' ${path}; stat -c %U /tmp/taken`)).trim().split('\n')).toEqual(['svcapp 640', 'svcapp'])
    expect(await shell('cat /tmp/taken')).toBe(now)
    expect(await shell('cat /tmp/argv')).not.toContain(now)
    expect(await shown(id)).toMatchObject({ news: 'done', failures: 0 })
    expect((await entriesOf(id)).map((e) => e.act)).toEqual([
      ...['dependents.added', 'dependents.looking', 'dependents.looked', 'dependents.telling', 'dependents.told'],
    ])
    expect(await tell(id)).toEqual({ did: 'nothing' })
    must(await changeState(deps, world.carol.id, world.stepUp(world.carol), { dependent: id, to: 'removed' }))
  })

  test('that cannot be told is tried again and shown, and the new password stays', async () => {
    const path = await file('NOTHING=1\\n', '/etc/app/two.env')
    const id = must(await added(world.carol, { file: { path, line: 'PASSWORD={secret}', as: 'plain' } }))
    expect(await lookAtDependent(deps, id, world.carol.id)).toMatchObject({ ok: false, error: { code: 'target.not_told', step: 'file' } })
    await rotate()
    const now = await password()
    expect(await tell(id)).toMatchObject({ did: 'failed', error: { code: 'target.not_told' } })
    expect(await shown(id)).toMatchObject({ news: 'waiting', failures: 1, error: 'target.not_told' })
    expect(await password()).toBe(now)
    expect(await world.sql("select state from rotation where account_id = $1 and state <> 'done'", [app])).toEqual([])
    const alarms = (await entriesOf(id)).filter((e) => e.act === 'alarm.dependent_failed')
    expect(alarms).toMatchObject([{ phase: 'alarm', fields: { failures: 1, tells: ['owner'] } }])
    await file('PASSWORD=old\\n', path)
    expect(await tell(id)).toMatchObject({ did: 'told' })
    expect(await shell(`cat ${path}`)).toBe(`PASSWORD=${now}\n`)
    must(await changeState(deps, world.carol.id, world.stepUp(world.carol), { dependent: id, to: 'removed' }))
  })

  test('is told by whoever goes on, wherever telling was cut off', async () => {
    class Cut extends Error {}
    const path = await file('P=old\\n', '/etc/app/three.env')
    const id = must(await added(world.carol, { file: { path, line: 'P={secret}', as: 'plain' } }))
    for (const at of ['dependentSecret', 'managerSecret', 'outcome'] as const) {
      await rotate()
      const keeper: Keeper = {
        ...world.keeper,
        keys: world.keeper.keys,
        async ask(operation, args, payload) {
          const answer = await world.keeper.ask(operation, args, payload)
          if (operation === at) throw new Cut()
          return answer
        },
      }
      const audit: DependentDeps['audit'] = {
        ...world.audit,
        act: (what, fn) => (at === 'outcome' && what.act === 'dependents.settle' ? Promise.reject(new Cut()) : world.audit.act(what, fn)),
      }
      await expect(tellDependent({ ...deps, keeper, audit }, { id, host: web }, { patienceMs: 5_000, early: true })).rejects.toThrow(Cut)
      expect(await tell(id), at).toMatchObject({ did: 'told' })
      expect(await shell(`cat ${path}`)).toBe(`P=${await password()}\n`)
    }
    const own = await entriesOf(id)
    expect(own.filter((e) => e.phase === 'intent')).toHaveLength(6)
    expect(own.filter((e) => e.phase === 'outcome')).toHaveLength(6)
    must(await changeState(deps, world.carol.id, world.stepUp(world.carol), { dependent: id, to: 'removed' }))
  })

  test('hears nothing when somebody with the database wants it told elsewhere, or another command run', async () => {
    const path = await file('P=old\\n', '/etc/app/four.env')
    const id = must(await added(world.carol, { file: { path, line: 'P={secret}', as: 'plain' } }))
    await rotate()
    const [before] = await world.sql('select settings from dependent where id = $1', [id])
    await world.sql('update dependent set settings = settings || $2::jsonb where id = $1', [
      id,
      JSON.stringify({ run: { command: 'cat >/tmp/stolen' } }),
    ])
    expect(await tell(id)).toMatchObject({ did: 'failed', error: { code: 'keeper.forged_row' } })
    await world.sql('update dependent set settings = $2, host_id = $3 where id = $1', [
      id,
      JSON.stringify(before?.settings),
      world.web01.id,
    ])
    expect(await tell(id)).toMatchObject({ did: 'failed', error: { code: 'keeper.forged_row' } })
    await expect(shell('cat /tmp/stolen')).rejects.toThrow()
    expect(await shell(`cat ${path}`)).toBe('P=old\n')
    // one that nobody attested
    const copied = `insert into dependent (id, account_id, credential, host_id, settings, state, introduced_by, revision, mac)
      select 'dpd_aaaaaaaaaa', account_id, credential, host_id, settings, state, introduced_by, revision, mac from dependent where id = $1`
    await world.sql('update dependent set host_id = $2 where id = $1', [id, web])
    await world.sql(copied, [id])
    expect(await tellNow(deps, 'dpd_aaaaaaaaaa' as DependentId, world.carol.id)).toMatchObject({
      ok: true,
      value: { did: 'failed', error: { code: 'keeper.forged_row' } },
    })
    await world.sql("delete from dependent_news where dependent_id = 'dpd_aaaaaaaaaa'")
    await world.sql("delete from dependent where id = 'dpd_aaaaaaaaaa'")
    expect(await tell(id)).toMatchObject({ did: 'told' })
    must(await changeState(deps, world.carol.id, world.stepUp(world.carol), { dependent: id, to: 'removed' }))
    expect(await tellNow(deps, id, world.carol.id)).toMatchObject({ ok: false, error: { code: 'dependents.wrong_state' } })
  })
})

describe('where a credential is sent', () => {
  const how: TellHow = { run: { command: 'cat >/dev/null' } }
  const rules = async (who: Someone, row: Row, authority?: Authority) =>
    await world.write([{ kind: 'dependent', revision: 1, row }], authority ?? world.stepUp(who))
  const rowOf = (over: Row = {}) => ({
    ...{ id: `dpd_${Math.random().toString(36).slice(2, 12).padEnd(10, 'a')}`, account_id: world.deploy.id, host_id: world.web01.id },
    ...{ credential: 'password', settings: how, state: 'active', introduced_by: world.carol.id },
    ...over,
  })

  test('is said by an administrator with a fresh code alone, in their own name', async () => {
    const not = { ok: false, error: { code: 'keeper.not_authorised' } }
    expect(await rules(world.alice, rowOf({ introduced_by: world.alice.id }))).toMatchObject(not)
    expect(await rules(world.carol, rowOf(), { by: 'system' })).toMatchObject(not)
    expect(await rules(world.carol, rowOf(), await world.present(world.carol))).toMatchObject(not)
    expect(await rules(world.carol, rowOf({ introduced_by: world.alice.id }))).toMatchObject(not)
    expect(await rules(world.carol, rowOf({ state: 'proposed' }))).toMatchObject(not)
    expect(await rules(world.carol, rowOf())).toMatchObject({ ok: true })
  })

  test('of an account of tier 0 is confirmed by another person first', async () => {
    const critical = world.target('pki', { tier: 0 })
    const [root] = await world.added(critical, 'root')
    const row = rowOf({ account_id: root?.id })
    expect(await rules(world.carol, row)).toMatchObject({ ok: false })
    must(await rules(world.carol, { ...row, state: 'proposed' }))
    const confirm = (who: Someone) => world.write([{ kind: 'dependent', revision: 2, row: { ...row, state: 'active' } }], world.stepUp(who))
    const officer = await world.enrolled('olga', ['security'])
    expect(await confirm(world.carol)).toMatchObject({ ok: false })
    expect(await confirm(world.bob)).toMatchObject({ ok: false })
    expect(await confirm(officer)).toMatchObject({ ok: true })
    const other = { ...row, state: 'active', settings: { run: { command: 'cat >/tmp/x' } } }
    expect(await world.write([{ kind: 'dependent', revision: 3, row: other }], world.stepUp(world.carol))).toMatchObject({ ok: false })
  })
})
