import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Keeper } from '../../keeper/client.ts'
import { granted, session } from '../../keeper/test/access.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { AccountId, TargetId } from '../../kernel/id.ts'
import { connectSsh } from '../../platform/ssh/index.ts'
import { dial } from '../../platform/ssh/ssh-server.fixture.ts'
import type { Dial } from '../../targets/contract.ts'
import { linuxSshHarness } from '../../targets/linux-ssh/test/harness.ts'
import { targetKinds } from '../../targets/registry.ts'
import type { RunningTarget } from '../../targets/test/harness.ts'
import { must } from '../identity/test/house.ts'
import { createKinds } from '../inventory/index.ts'
import { changeLogin } from './change-login.ts'
import { trustingHosts } from './ssh-authority.view.ts'
import { distrustAuthority, type TrustDeps, trustAuthority } from './trust-authority.ts'

let world: World
let host: RunningTarget
let deps: TrustDeps
let target: ReturnType<World['target']>
let powerless: Row & { id: AccountId; name: string }
beforeAll(async () => {
  ;[world, host] = await Promise.all([openWorld(), linuxSshHarness.start()])
  deps = { ...world, kinds: createKinds(targetKinds, dial as Dial), now: world.clock.now }
  target = world.target('web09', { settings: host.settings, identity: host.identity })
  const [root, other] = (await world.added(target, 'root', 'powerless')) as unknown as [typeof powerless, typeof powerless]
  const { kind: credential, secret } = host.manager().credential
  must(await world.keeper.ask('storeCredential', { account: root.id, credential, public: null }, secret))
  powerless = other
})
afterAll(async () => {
  await world?.close()
  await host?.stop()
})

/** Codes put our clock ahead of the host's. */
async function inItsTime<T>(work: () => Promise<T>): Promise<T> {
  const ahead = world.clock.now().getTime() - Date.now()
  world.later(-ahead)
  try {
    return await work()
  } finally {
    world.later(ahead)
  }
}
const trust = (over: Partial<TrustDeps> = {}, byHand = false) =>
  inItsTime(() => trustAuthority({ ...deps, ...over }, world.carol.id, target.id as TargetId, { byHand }))
const mark = (login: 'certificate' | 'stored') =>
  changeLogin(deps, powerless.id, { person: world.carol.id, code: world.carol.code() }, login)
const acts = async () => (await world.entries()).filter((e) => e.act.startsWith('ssh.')).map((e) => e.act)

async function use(user: string, bytes: Uint8Array, certificate: string, command = 'id -un'): Promise<string> {
  const hostKey = { algorithm: String(host.identity.algorithm), fingerprint: String(host.identity.fingerprint) }
  const to = { host: '127.0.0.1', port: Number(host.settings.port), hostKey }
  const connected = await connectSsh(dial, to, { user, proof: { kind: 'ssh-key', bytes, certificate } })
  if (!connected.ok) return connected.error.code
  const ran = await connected.value.exec(command, { stdin: new Uint8Array() })
  await connected.value.close()
  return ran.ok ? ran.value.stdout.toString() : ran.error.code
}

test('no account is marked before its host was seen to trust the authority, nor one whose host does not by hand', async () => {
  expect(await mark('certificate')).toMatchObject({ error: { code: 'vault.trust_first' } })
  expect(await trust({}, true)).toMatchObject({ error: { code: 'vault.not_trusted' } })
  expect(await acts()).toEqual(['ssh.trusting', 'ssh.trial_certificate', 'ssh.trust_failed'])
})

test('a host is told, and seen to trust; what the server holds meanwhile runs nothing there', async () => {
  let held: { bytes: Uint8Array; certificate: string } | undefined
  const keeper: Keeper = {
    ...deps.keeper,
    ask: (async (...asked: Parameters<Keeper['ask']>) => {
      const answer = await deps.keeper.ask(...asked)
      if (asked[0] === 'trialCertificate' && answer.ok) {
        const { payload, certificate } = answer.value as unknown as {
          payload: import('../../kernel/secret.ts').Secret
          certificate: string
        }
        held = { bytes: await payload.lend('recognise', (b) => Uint8Array.from(b)), certificate }
      }
      return answer
    }) as Keeper['ask'],
  }
  must(await trust({ keeper }))
  if (!held) throw new Error('nothing was tried')
  // a login, as it was tried; and `true` in place of what is asked for
  expect(await use('root', held.bytes, held.certificate, 'id -un')).toBe('')
  expect(await use('powerless', held.bytes, held.certificate)).toBe('ssh.login_refused')
  expect(await trustingHosts(world.db)).toMatchObject([{ target: { name: 'web09' }, trusted: { version: 1, byHand: false }, accounts: 0 }])
  expect((await acts()).slice(-3)).toEqual(['ssh.trusting', 'ssh.trial_certificate', 'ssh.trusted'])
})

test('the keeper gives a trial certificate for no intent but that one', async () => {
  const { entries } = world
  const intent = (await entries()).find((e) => e.act === 'ssh.trusting') as unknown as { id: string }
  const asked = { target: target.id, intent: intent.id }
  // it has its outcome
  expect(await world.keeper.ask('trialCertificate', asked)).toMatchObject({ error: { code: 'keeper.no_intent' } })
  expect(await world.gateway.ask('trialCertificate', asked)).toMatchObject({ error: { code: 'keeper.not_allowed' } })
})

test('an account that is marked is opened by the certificate of a session, and its host stays trusted meanwhile', async () => {
  must(await mark('certificate'))
  expect(await mark('certificate')).toMatchObject({ error: { code: 'vault.login_same' } })
  const { grant } = await granted(world, world.alice, powerless, world.bob, target)
  const { presence } = await world.present(world.alice)
  const opened = session(world, grant)
  must(await world.write([{ kind: 'session', revision: 1, row: opened }], { by: 'presence', presence }, world.gateway))
  const seen = await inItsTime(async () => {
    const released = must(await world.gateway.ask('release', { grant: grant.id, session: opened.id, presence }))
    const bytes = await released.payload?.use('log-in-to-target', (b) => Uint8Array.from(b))
    return [
      await use('powerless', bytes ?? new Uint8Array(), released.public ?? ''),
      await use('root', bytes ?? new Uint8Array(), released.public ?? ''),
    ]
  })
  expect(seen).toEqual(['powerless\n', 'ssh.login_refused'])
  const distrust = () => inItsTime(() => distrustAuthority(deps, world.carol.id, target.id as TargetId))
  expect(await distrust()).toMatchObject({ error: { code: 'vault.reached_by_certificate', accounts: ['powerless'] } })
  must(await mark('stored'))
  must(await distrust())
  expect(await trustingHosts(world.db)).toEqual([])
  expect(await trust({}, true)).toMatchObject({ error: { code: 'vault.not_trusted' } })
})

test('a target of a kind without certificates is refused', async () => {
  const database = world.target('db09', { kind: 'postgres', settings: { host: '127.0.0.1', port: 5432, database: 'x' } })
  must(await world.write([{ kind: 'target', revision: 1, row: database }], world.setup))
  const asked = await trustAuthority(deps, world.carol.id, database.id as TargetId, { byHand: false })
  expect(asked).toMatchObject({ error: { code: 'vault.no_certificates' } })
})
