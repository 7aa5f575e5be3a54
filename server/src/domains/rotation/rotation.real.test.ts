import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startOrdersDb } from '../../../../lab/orders-db/index.ts'
import { startWeb01 } from '../../../../lab/web01/index.ts'
import type { Keeper } from '../../keeper/client.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { AccountId } from '../../kernel/id.ts'
import { Secret } from '../../kernel/secret.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { freePort } from '../../platform/postgres-server/free-port.fixture.ts'
import type { CredentialKind, Login, OpenTarget } from '../../targets/contract.ts'
import { targetKinds } from '../../targets/registry.ts'
import { must } from '../identity/test/house.ts'
import { addTarget, type NewTarget } from '../inventory/add-target.ts'
import { createKinds, type Kinds } from '../inventory/index.ts'
import { type RotateAccountDeps, rotateAccount } from './index.ts'

let world: World
let kinds: Kinds
let deps: RotateAccountDeps
const folder = mkdtempSync(join(tmpdir(), 'claviger-rotation-'))
const asRoot = process.getuid?.() === 0
beforeAll(async () => {
  chmodSync(folder, 0o711)
  world = await openWorld()
  kinds = createKinds(targetKinds, createDialer({ allow: [{ cidr: '127.0.0.0/8' }], ownListeners: [], lab: true }))
  deps = { db: world.db, audit: world.audit, keeper: world.keeper, now: world.clock.now, kinds }
})
afterAll(async () => {
  await world?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Target {
  open: OpenTarget
  identity: Record<string, string>
  accounts: Record<string, AccountId>
}
async function added(given: Omit<NewTarget, 'environment' | 'tier'>): Promise<Target> {
  const target = must(
    await addTarget({ audit: world.audit, keeper: world.keeper, kinds }, null, world.setup, { ...given, environment: 'lab', tier: 1 }),
  )
  const rows = await world.sql('select id, name from account where target_id = $1', [target.id])
  return {
    open: must(kinds.open(target.kind, target.settings)),
    identity: target.identity,
    accounts: Object.fromEntries(rows.map((r) => [r.name, r.id])),
  }
}
const order = (account: AccountId) => ({ account, trigger: 'on-demand' as const, reason: 'test', by: null })

/** What the vault holds of an account, ready to log in with; undefined where it holds nothing of that kind. */
async function held(
  account: AccountId,
  name: string,
  kind: CredentialKind,
  state: 'current' | 'previous' | 'candidate' = 'current',
): Promise<Login | undefined> {
  const opened = await world.inside.context.vault.openState({ kind: 'account', id: account, what: kind }, state)
  if (!opened.ok) return undefined
  const { secret, public: line } = opened.value
  return { account: name, credential: { kind, secret, ...(line !== null && { publicKey: line }) } }
}
const opens = async ({ open, identity }: Target, login: Login) => {
  const verified = await open.verify(identity, login)
  return verified.ok || verified.error.code
}

class Crash extends Error {}
/** The same house, whose process dies after `at` things that it waited for. `steps` counts them and says what they were. */
function dyingAfter(at: number): { deps: RotateAccountDeps; steps: string[] } {
  const steps: string[] = []
  const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    if (steps.length >= at) throw new Crash()
    const done = await work()
    steps.push(what)
    if (steps.length >= at) throw new Crash(`after ${what}`)
    return done
  }
  const keeper: Keeper = {
    ...world.keeper,
    ask: (operation, args, payload) => step(`keeper ${operation}`, () => world.keeper.ask(operation, args, payload)),
  }
  const dyingTarget = (open: OpenTarget): OpenTarget => ({
    ...open,
    verify: (...a) => step('verify', () => open.verify(...a)),
    ...(open.rotate && { rotate: (...a) => step('rotate', () => (open.rotate as NonNullable<OpenTarget['rotate']>)(...a)) }),
    ...(open.closeOthers && {
      closeOthers: (...a) => step('closeOthers', () => (open.closeOthers as NonNullable<OpenTarget['closeOthers']>)(...a)),
    }),
  })
  const dying: Kinds = {
    ...{ capabilities: kinds.capabilities, described: kinds.described, reaches: kinds.reaches, takesIn: kinds.takesIn, check: kinds.check },
    open(kind, settings) {
      const opened = kinds.open(kind, settings)
      return opened.ok ? { ok: true, value: dyingTarget(opened.value) } : opened
    },
  }
  const audit: RotateAccountDeps['audit'] = {
    act: (what, fn) => step(`ledger ${what.act}`, () => world.audit.act(what, fn)),
    note: (...a) => step('ledger note', () => world.audit.note(...a)),
    noteLater: (...a) => step('ledger note', () => world.audit.noteLater(...a)),
    noteIn: (...a) => step('ledger note', () => world.audit.noteIn(...a)),
    noteMany: (...a) => step('ledger note', () => world.audit.noteMany(...a)),
    look: (look, fn) => step('ledger look', () => world.audit.look(look, fn)),
    closeLooks: world.audit.closeLooks,
  }
  return { deps: { ...deps, keeper, kinds: dying, audit }, steps }
}

/** Kills a rotation after its n-th step and lets another process go on; answers what the killed one had done, undefined when it was not killed. */
async function killedAfter(n: number, account: AccountId): Promise<string[] | undefined> {
  const dying = dyingAfter(n)
  try {
    must(await rotateAccount(dying.deps, order(account)))
    return undefined
  } catch (error) {
    if (!(error instanceof Crash)) throw error
    return dying.steps
  }
}
const openIntents = async (account: string) => {
  const entries = (await world.entries()) as unknown as { id: string; phase: string; intent: string | null; fields: Row }[]
  const closed = new Set(entries.filter((e) => e.phase === 'outcome').map((e) => e.intent))
  return entries.filter((e) => e.phase === 'intent' && e.fields.account === account && !closed.has(e.id))
}
const rotationsOf = (account: string) =>
  world.sql('select state, error, attempt from rotation where account_id = $1 order by started_at', [account])

describe('a database’s role', () => {
  let orders: Target
  let stop: () => Promise<void>
  let port: number
  const start = async () => {
    const ids = asRoot ? { uid: 64820, gid: 64820 } : {}
    const started = must(
      await startOrdersDb({ folder: join(folder, 'orders'), port, ...ids, log: () => undefined, binaries: join(folder, 'bin') }),
    )
    stop = started.stop
    return started
  }
  beforeAll(async () => {
    port = await freePort()
    const { settings, identity, accounts } = await start()
    const secret = accounts.find((a) => a.name === 'postgres')?.password ?? ''
    orders = await added({
      name: 'orders',
      kind: 'postgres',
      settings,
      identity: { ...identity },
      login: { account: 'postgres', kind: 'password', secret },
    })
    initial = Object.fromEntries(accounts.map((a) => [a.name, a.password ?? '']))
  })
  afterAll(() => stop?.())
  let initial: Record<string, string>
  const account = (name: string) => orders.accounts[name] as AccountId

  test.each(['app_admin', 'postgres'])('%s is taken over: proven by a fresh login, and what it was before opens nothing', async (name) => {
    const before: Login = { account: name, credential: { kind: 'password', secret: Secret.fromText(initial[name] ?? '') } }
    expect(await opens(orders, before)).toBe(true)
    must(await rotateAccount(deps, order(account(name))))
    expect(await opens(orders, (await held(account(name), name, 'password')) as Login)).toBe(true)
    expect(await opens(orders, before)).toBe('target.login_refused')
    const [row] = await world.sql("select state from account where id = $1 and state = 'managed'", [account(name)])
    expect(row).toBeDefined()
    expect(
      await world.sql(
        'select old_refused_at is not null as refused, verified_at is not null as verified from rotation where account_id = $1',
        [account(name)],
      ),
    ).toEqual([{ refused: name === 'postgres', verified: true }])
    expect(await openIntents(account(name))).toEqual([])
  })

  // whoever manages the target replaces what it logs in with itself: the hardest case
  test.each(['app_admin', 'postgres'])(
    '%s is never lost: killed after each step of a rotation, the vault holds what opens, and the next run ends it',
    async (name) => {
      const id = account(name)
      let n = 1
      for (; n < 60; n++) {
        const before = (await held(id, name, 'password')) as Login
        const done = await killedAfter(n, id)
        if (!done) break
        const still = [await held(id, name, 'password'), await held(id, name, 'password', 'candidate')].filter((l) => l !== undefined)
        const works = []
        for (const login of still) works.push(await opens(orders, login))
        expect(works, `one of what the vault holds opens after ${done.at(-1)}`).toContain(true)
        must(await rotateAccount(deps, order(id)))
        expect(await opens(orders, (await held(id, name, 'password')) as Login), `after ${done.at(-1)}`).toBe(true)
        expect(await opens(orders, before), `the old one after ${done.at(-1)}`).toBe('target.login_refused')
        expect(await held(id, name, 'password', 'candidate')).toBeUndefined()
      }
      expect(n).toBeGreaterThan(10)
      expect(await openIntents(id)).toEqual([])
      expect((await rotationsOf(id)).filter((r) => r.state !== 'done')).toEqual([])
    },
  )

  test('keeps its credential when the new one does not open, says so, and the same candidate is tried next', async () => {
    const id = account('app_admin')
    const before = (await held(id, 'app_admin', 'password')) as Login
    const refusing: Kinds = {
      ...kinds,
      open(kind, settings) {
        const opened = kinds.open(kind, settings)
        return opened.ok ? { ok: true, value: { ...opened.value, rotate: async () => ({ ok: true, value: {} }) } } : opened
      },
    }
    expect(await rotateAccount({ ...deps, kinds: refusing }, order(id))).toMatchObject({
      ok: false,
      error: { code: 'target.login_refused' },
    })
    expect(await opens(orders, before)).toBe(true)
    const candidate = await held(id, 'app_admin', 'password', 'candidate')
    const text = await candidate?.credential.secret.use('scrub-from-output', (b) => Buffer.from(b).toString())
    expect((await rotationsOf(id)).at(-1)).toMatchObject({ state: 'failed', error: 'target.login_refused' })
    expect(await openIntents(id)).toEqual([])
    must(await rotateAccount(deps, order(id)))
    const now = await held(id, 'app_admin', 'password')
    expect(await now?.credential.secret.use('scrub-from-output', (b) => Buffer.from(b).toString())).toBe(text)
  })

  test('keeps its credential while the target is away, before it and in the middle', async () => {
    const id = account('app_admin')
    const before = (await held(id, 'app_admin', 'password')) as Login
    await stop()
    expect(await rotateAccount(deps, order(id))).toMatchObject({ ok: false, error: { code: 'target.unreachable' } })
    await start()
    expect(await opens(orders, before)).toBe(true)
    const goingAway: Kinds = {
      ...kinds,
      open(kind, settings) {
        const opened = must(kinds.open(kind, settings))
        const rotate: OpenTarget['rotate'] = async (...a) => {
          const changed = await opened.rotate?.(...a)
          await stop()
          return changed ?? { ok: true, value: {} }
        }
        return { ok: true, value: { ...opened, rotate } }
      },
    }
    expect(await rotateAccount({ ...deps, kinds: goingAway }, order(id))).toMatchObject({ ok: false })
    await start()
    expect(await opens(orders, before)).toBe('target.login_refused')
    must(await rotateAccount(deps, order(id)))
    expect(await opens(orders, (await held(id, 'app_admin', 'password')) as Login)).toBe(true)
  })

  test('shows no credential to the ledger, the jobs or the rows', async () => {
    const current = (await held(account('postgres'), 'postgres', 'password')) as Login
    const text = await current.credential.secret.use('scrub-from-output', (b) => Buffer.from(b).toString())
    for (const table of ['rotation', 'account', 'target', 'ledger_personal'])
      expect(JSON.stringify(await world.sql(`select * from ${table}`))).not.toContain(text)
    expect(JSON.stringify(await world.entries())).not.toContain(text)
    expect(world.alarms.join()).not.toContain(text)
  })

  test('two rotations at once become two in turn, and the vault holds what opens', async () => {
    const id = account('app_admin')
    const both = await Promise.all([rotateAccount(deps, order(id)), rotateAccount(deps, order(id))])
    expect(both.map((r) => r.ok)).toEqual([true, true])
    expect(await opens(orders, (await held(id, 'app_admin', 'password')) as Login)).toBe(true)
  })

  test('an impostor of the target gets nothing, promotes nothing, and raises an alarm', async () => {
    const id = account('app_admin')
    const row = (await world.vouched('account', id)) as Row
    const on = await world.vouched('target', String(row.target_id))
    const pinned = { ...(on.identity as Row), systemIdentifier: '1' }
    must(await world.write([{ kind: 'target', revision: 2, row: { ...on, identity: pinned } }], world.stepUp(world.carol)))
    expect(await rotateAccount(deps, order(id))).toMatchObject({ ok: false, error: { code: 'target.impostor' } })
    expect((await world.entries()).filter((e) => e.act === 'alarm.impostor')).toMatchObject([
      { phase: 'alarm', fields: { target: row.target_id, during: 'rotation' } },
    ])
    must(await world.write([{ kind: 'target', revision: 3, row: on }], world.stepUp(world.carol)))
    must(await rotateAccount(deps, order(id)))
  })
})

describe('a host’s account', () => {
  let web: Target
  let host: Extract<Awaited<ReturnType<typeof startWeb01>>, { ok: true }>['value']
  beforeAll(async () => {
    host = must(await startWeb01({ folder: join(folder, 'web01'), port: await freePort(), log: () => undefined }))
    const settings = {
      host: host.host,
      port: host.port,
      ...(host.authorizedKeysFile !== undefined && { authorizedKeysFile: host.authorizedKeysFile }),
    }
    const identity = must(await must(kinds.open('linux-ssh', settings)).identify())
    const [first] = host.accounts
    manager = first?.name ?? ''
    // as a normal user it is one's own account, which has keys alone
    const login =
      first?.password === undefined
        ? ({ kind: 'ssh-key', secret: readFileSync(first?.privateKeyFile ?? '', 'utf8') } as const)
        : ({ kind: 'password', secret: first.password } as const)
    credentials = first?.password === undefined ? ['ssh-key'] : ['password', 'ssh-key']
    web = await added({ name: 'web', kind: 'linux-ssh', settings, identity: { ...identity }, login: { account: manager, ...login } })
  })
  afterAll(() => host?.stop())
  let manager: string
  let credentials: CredentialKind[]
  const root = () => web.accounts[manager] as AccountId

  test('is taken over with all that it logs in with, and a former administrator’s key opens nothing any more', async () => {
    const former = {
      account: host.formerAdmin.account,
      credential: { kind: 'ssh-key' as const, secret: Secret.fromText(readFileSync(host.formerAdmin.privateKeyFile, 'utf8')) },
    }
    expect(await opens(web, former)).toBe(true)
    for (const name of new Set([manager, host.formerAdmin.account])) must(await rotateAccount(deps, order(web.accounts[name] as AccountId)))
    expect(await opens(web, former)).toBe('target.login_refused')
    const removed = await world.sql('select removed from rotation where account_id = $1', [web.accounts[host.formerAdmin.account]])
    expect(removed.flatMap((r) => r.removed)).toContain(host.formerAdmin.fingerprint)
    for (const name of new Set([manager, host.formerAdmin.account]))
      for (const kind of credentials)
        expect(await opens(web, (await held(web.accounts[name] as AccountId, name, kind)) as Login), `${name}'s ${kind}`).toBe(true)
  })

  // a refused password takes seconds on a real host: the steps around each change of the target, of the account that manages it
  test('that manages it is never locked out: killed around each change on the host, the next run ends it', async () => {
    const clean = dyingAfter(1_000)
    must(await rotateAccount(clean.deps, order(root())))
    const around = clean.steps.flatMap((what, i) => (/rotate$|closeOthers|promote/.test(what) ? [i + 1] : []))
    expect(around.length).toBeGreaterThanOrEqual(credentials.length * 2)
    for (const n of around) {
      const done = await killedAfter(n, root())
      must(await rotateAccount(deps, order(root())))
      for (const kind of credentials)
        expect(await opens(web, (await held(root(), manager, kind)) as Login), `${kind} after ${done?.at(-1)} (${n})`).toBe(true)
    }
    expect(await openIntents(root())).toEqual([])
  })
})
