import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Keeper } from '../../keeper/client.ts'
import type { Operation } from '../../keeper/contract.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { TargetId } from '../../kernel/id.ts'
import type { Secret } from '../../kernel/secret.ts'
import { connectSsh } from '../../platform/ssh/index.ts'
import { dial } from '../../platform/ssh/ssh-server.fixture.ts'
import type { Dial } from '../../targets/contract.ts'
import { linuxSshHarness } from '../../targets/linux-ssh/test/harness.ts'
import { targetKinds } from '../../targets/registry.ts'
import type { RunningTarget } from '../../targets/test/harness.ts'
import { must } from '../identity/test/house.ts'
import { createKinds } from '../inventory/index.ts'
import { beginSshRotation } from './begin-ssh-rotation.ts'
import { leaveHostOut } from './leave-host-out.ts'
import { goOnWithSshRotation } from './run-ssh-rotation.ts'
import { sshRotationView } from './ssh-rotation.view.ts'
import { type TrustDeps, trustAuthority } from './trust-authority.ts'

/*
 * The key of the SSH authority is replaced on two real hosts, one of which is down meanwhile, and a third that nobody can reach and an officer leaves
 * out. What runs it is cut off at every step of it.
 */

interface Host {
  running: RunningTarget
  id: TargetId
}
let world: World
let web: Host
let db: Host
let lost: TargetId
let up: (() => Promise<void>) | undefined
let deps: TrustDeps
/** A login certificate by the first key, as somebody would have who stole it. */
let stolen: { bytes: Uint8Array; certificate: string; on: Host }

beforeAll(async () => {
  const [one, two, opened] = await Promise.all([linuxSshHarness.start(), linuxSshHarness.start(), openWorld()])
  world = opened
  deps = { ...world, kinds: createKinds(targetKinds, dial as Dial), now: world.clock.now }
  web = await added('web09', one)
  db = await added('db09', two)
  lost = (await added('lost09', { ...one, settings: { ...one.settings, port: 1 } })).id
  for (const { id } of [web, db]) must(await inItsTime(() => trustAuthority(deps, world.carol.id, id, { byHand: false })))
  // one of which it was seen once, and which is gone since
  const row = { id: `sht_${lost.slice(4)}`, target_id: lost, versions: [1], by_hand: false, state: 'trusts' }
  must(await world.write([{ kind: 'ssh_trust', revision: 1, row }], { by: 'system' }))
})
afterAll(async () => {
  await world?.close()
  await Promise.all([web, db].map((host) => host?.running.stop()))
})

async function added(name: string, running: RunningTarget): Promise<Host> {
  const target = world.target(name, { settings: running.settings, identity: running.identity })
  const [root] = (await world.added(target, 'root')) as unknown as [Row & { id: string }]
  const { kind: credential, secret } = running.manager().credential
  must(await world.keeper.ask('storeCredential', { account: root.id, credential, public: null }, secret))
  return { running, id: target.id as TargetId }
}

/** Codes put our clock ahead of the hosts'. */
async function inItsTime<T>(work: () => Promise<T>): Promise<T> {
  const ahead = world.clock.now().getTime() - Date.now()
  world.later(-ahead)
  try {
    return await work()
  } finally {
    world.later(ahead)
  }
}

/** Has the n-th of these questions to the keeper be the last that this server asks: answered or not. */
function dying(operation: Operation, nth: number, answered: boolean): TrustDeps {
  let count = 0
  let dead = false
  const ask = async (...asked: Parameters<Keeper['ask']>) => {
    if (dead) throw new Error('killed')
    dead = asked[0] === operation && ++count === nth
    if (dead && !answered) throw new Error('killed')
    const answer = await world.keeper.ask(...asked)
    if (dead) throw new Error('killed')
    return answer
  }
  return { ...deps, keeper: { ...world.keeper, ask: ask as Keeper['ask'] } }
}
async function goOn(with_: TrustDeps = deps): Promise<boolean | 'killed'> {
  await world.sql('update ssh_trust set next_try = null')
  return await inItsTime(() => goOnWithSshRotation(with_)).catch((error: Error) => {
    if (error.message !== 'killed') throw error
    return 'killed' as const
  })
}
const kills = (['moveSshAuthority', 'managerSecret', 'trialCertificate', 'attest'] as const).flatMap((operation) =>
  [true, false].map((answered) => [operation, answered] as const),
)

/** What a login by this version of the authority does on a host: a certificate of a trial, with which nothing but `true` runs. */
async function trial(host: Host, version: number) {
  let taken: typeof stolen | undefined
  const ask = async (...asked: Parameters<Keeper['ask']>) => {
    const answer = await world.keeper.ask(...asked)
    const given = answer.ok ? (answer.value as unknown as { payload: Secret; certificate: string; version: number }) : undefined
    if (asked[0] === 'trialCertificate' && given?.version === version)
      taken = { bytes: await given.payload.lend('recognise', (b) => Uint8Array.from(b)), certificate: given.certificate, on: host }
    return answer
  }
  await inItsTime(() =>
    trustAuthority({ ...deps, keeper: { ...world.keeper, ask: ask as Keeper['ask'] } }, null, host.id, { byHand: false }),
  )
  return taken
}
async function opens({ bytes, certificate, on: { running } }: typeof stolen): Promise<boolean> {
  const hostKey = { algorithm: String(running.identity.algorithm), fingerprint: String(running.identity.fingerprint) }
  const to = { host: '127.0.0.1', port: Number(running.settings.port), hostKey }
  const connected = await connectSsh(dial, to, { user: 'root', proof: { kind: 'ssh-key', bytes, certificate } })
  if (connected.ok) await connected.value.close()
  return connected.ok
}
const progress = async () => await sshRotationView(world.db)
const signs = async () => must(await world.keeper.ask('sshAuthority', {})).versions.map(({ version, state }) => [version, state])
const begin = (who: World['carol']) => beginSshRotation(deps, { person: who.id, code: who.code() })
const leaveOut = (who: World['carol'], reason = 'scrapped') =>
  leaveHostOut(deps, { person: who.id, code: who.code() }, { target: lost, reason })
const stepTo = async (step: string) => {
  const row = { ...(await world.vouched('ssh_rotation', 'shr_0000000000')), step }
  const [{ revision }] = (await world.sql('select revision from ssh_rotation')) as [{ revision: number }]
  return await world.write([{ kind: 'ssh_rotation', revision: revision + 1, row }], { by: 'system' })
}

test('an administrator begins it, nobody else; once at a time', async () => {
  expect(await begin(world.bob)).toMatchObject({ error: { code: 'keeper.not_authorised' } })
  expect(await progress()).toBeNull()
  must(await begin(world.carol))
  expect(await begin(world.carol)).toMatchObject({ error: { code: 'vault.ssh_rotating' } })
  expect(await progress()).toMatchObject({ step: 'telling', from: 1, to: 2, told: 0, of: 3 })
})

test('hosts are told of the new key beside the old one, wherever the server is killed; the old one signs while one is down', async () => {
  up = await db.running.down?.()
  for (const [operation, answered] of kills) expect(await goOn(dying(operation, 1, answered)), `${operation} ${answered}`).toBe('killed')
  expect(await goOn()).toBe(false)
  expect(await progress()).toMatchObject({
    ...{ step: 'telling', told: 1, of: 3 },
    waiting: [
      { target: { name: 'db09' }, why: expect.stringMatching(/./) },
      { target: { name: 'lost09' }, why: expect.stringMatching(/./) },
    ],
  })
  expect(await signs()).toEqual([
    [1, 'current'],
    [2, 'candidate'],
  ])
  stolen = (await trial(web, 1)) as typeof stolen
  expect(await opens(stolen)).toBe(true)
})

test('nothing that is written to the database has the new key sign before', async () => {
  expect(await stepTo('signing')).toMatchObject({ error: { code: 'vault.hosts_wait' } })
  expect(await stepTo('done')).toMatchObject({ error: { code: 'keeper.not_authorised' } })
  const vault =
    "update vault.secret_version set state = case version when 1 then 'previous' else 'current' end where owner_id = 'ssh-authority'"
  await world.sql(vault)
  expect((await signs())[0]).toEqual([1, 'current'])
  // a host that is forgotten
  const [row] = await world.sql('delete from ssh_trust where target_id = $1 returning *', [lost])
  expect(await stepTo('signing')).toMatchObject({ error: { code: 'keeper.forged_row' } })
  // one of which it is said that it was told
  await world.sql('insert into ssh_trust select * from json_populate_record(null::ssh_trust, $1)', [
    JSON.stringify({ ...row, mac: `\\x${(row.mac as Buffer).toString('hex')}`, versions: [1, 2] }),
  ])
  expect(await stepTo('signing')).toMatchObject({ error: { code: 'keeper.forged_row' } })
  await world.sql('update ssh_trust set versions = $2 where target_id = $1', [lost, [1]])
})

test('an officer leaves a host out, with a reason; what is down is waited for', async () => {
  expect(await leaveOut(world.bob)).toMatchObject({ error: { code: 'keeper.not_authorised' } })
  expect(await leaveOut(world.carol, ' ')).toMatchObject({ error: { code: 'keeper.not_authorised' } })
  must(await leaveOut(world.carol))
  expect(await leaveOut(world.carol)).toMatchObject({ error: { code: 'vault.left_out_already' } })
  expect(await goOn()).toBe(false)
  expect(await progress()).toMatchObject({ step: 'telling', told: 2, of: 3, leftOut: [{ target: { name: 'lost09' }, reason: 'scrapped' }] })
})

test('once each host lets in by it the new key signs, and a host that still lets in by the old one is waited for', async () => {
  await up?.()
  // told by hand from here on: nobody takes the old key from its files
  must(await inItsTime(() => trustAuthority(deps, world.carol.id, db.id, { byHand: false })))
  must(await inItsTime(() => trustAuthority(deps, world.carol.id, db.id, { byHand: true })))
  expect(await goOn()).toBe(false)
  expect(await signs()).toEqual([
    [2, 'current'],
    [1, 'previous'],
  ])
  expect(await progress()).toMatchObject({
    ...{ step: 'signing', told: 2, of: 3 },
    waiting: [{ target: { name: 'db09' }, byHand: true, why: expect.stringContaining('still lets in by version 1') }],
  })
  expect(await opens(stolen)).toBe(false)
})

test('when each refuses the old one it is destroyed, wherever the server is killed; what was stolen opens nothing', async () => {
  await world.sql('update ssh_trust set by_hand = false where target_id = $1', [db.id])
  expect(await stepTo('done')).toMatchObject({ error: { code: 'keeper.forged_row' } })
  await world.sql('update ssh_trust set by_hand = true where target_id = $1', [db.id])
  must(await inItsTime(() => trustAuthority(deps, world.carol.id, db.id, { byHand: false })))
  for (const answered of [true, false]) expect(await goOn(dying('attest', 1, answered))).toBe('killed')
  expect(await goOn(dying('moveSshAuthority', 2, false))).toBe('killed')
  expect(await goOn()).toBe(true)
  expect(await goOn()).toBe(true)
  expect(await progress()).toMatchObject({ step: 'done', told: 3, of: 3, waiting: [] })
  expect(await signs()).toEqual([[2, 'current']])
  const kept = await world.sql(
    "select version, state, wrapped_key from vault.secret_version where owner_id = 'ssh-authority' order by version",
  )
  expect(kept).toMatchObject([
    { version: 1, state: 'destroyed', wrapped_key: null },
    { version: 2, state: 'current' },
  ])
  expect(await opens(stolen)).toBe(false)
  expect(await trial(web, 1)).toBeUndefined()
  expect(await opens((await trial(web, 2)) as typeof stolen)).toBe(true)
  const acts = (await world.entries()).map((e) => e.act).filter((act) => /authority_(made|replaced|destroyed)|rotation_|left_out/.test(act))
  expect(acts).toEqual([
    ...['ssh.rotation_begun', 'ssh.authority_made', 'ssh.host_left_out', 'ssh.authority_replaced', 'ssh.rotation_done'],
    'ssh.authority_destroyed',
  ])
})

test('the next one goes on from there', async () => {
  must(await begin(world.carol))
  expect(await progress()).toMatchObject({ step: 'telling', from: 2, to: 3, leftOut: [] })
})
