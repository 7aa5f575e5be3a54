import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askedFor, byPasskey, ownPasskey } from '../../../keeper/test/by-passkey.ts'
import { openWorld, type Row, type World } from '../../../keeper/test/world.ts'
import { newId } from '../../../platform/crypto/random.ts'
import { must } from '../../identity/test/house.ts'
import { explainDecision } from '../explain-policy.ts'
import { createDecide } from '../index.ts'
import { approveChange, withdrawChange } from './decide-on-change.ts'
import type { Wanted } from './edits.ts'
import { previewChange } from './preview-change.ts'
import { type ChangeDeps, proposeChange } from './propose-change.ts'
import { showChanges } from './show-changes.ts'

/* Policies change by two people, and by nothing else that has the database or one person's code. */

let world: World
let deps: ChangeDeps
let olga: Awaited<ReturnType<World['enrolled']>>
beforeAll(async () => {
  world = await openWorld()
  deps = { db: world.db, audit: world.audit, keeper: world.keeper, now: () => world.clock.now() }
  olga = await world.enrolled('olga', ['security'])
})
afterAll(() => world?.close())

type Somebody = Pick<typeof olga, 'id' | 'code'>
const as = (who: Somebody) => ({ person: who.id, code: who.code() })
const policyNamed = async (name: string): Promise<Row> => (await world.sql('select * from policy where name = $1', [name]))[0]
const textOf = async (name: string): Promise<string> => String((await policyNamed(name)).text)
const propose = (policies: readonly Wanted[], by: Somebody = world.carol) =>
  proposeChange(deps, as(by), { policies, reason: 'the audit asks for it' })
const proposed = async (policies: readonly Wanted[], by: Somebody = world.carol): Promise<string> => must(await propose(policies, by)).id
const demanded = async () => {
  const asked = {
    viewer: world.carol.id,
    person: 'alice',
    account: 'deploy@web01',
    action: 'connect' as const,
    seconds: 3600,
    itsmTicket: true,
  }
  return must(await explainDecision({ db: world.db, keeper: world.keeper, decide: createDecide(world.keeper) }, asked)).obligations
    ?.approvals
}
const nobody = (name: string): Wanted => ({
  name,
  text: '@floor("Nobody gets this.") forbid (principal in Group::"nobody", action == Action::"connect", resource);',
})
const stateOf = async (id: string) => (await showChanges(world.db, world.clock.now())).changes.find((change) => change.id === id)?.state

test('what one proposes and another approves is in force, and both stand in the ledger', async () => {
  const text = (await textOf('tier-1')).replace('@approvals("1")', '@approvals("2")')
  const preview = must(await previewChange(deps, [{ name: 'tier-1', text }]))
  expect(preview.effects).toContainEqual(
    expect.objectContaining({
      people: ['alice'],
      action: 'connect',
      accounts: expect.arrayContaining(['deploy@web01']),
      before: expect.objectContaining({ approvals: 1 }),
      after: expect.objectContaining({ approvals: 2 }),
    }),
  )
  const id = await proposed([{ name: 'tier-1', text }])
  expect(await demanded()).toBe(1)
  expect(await stateOf(id)).toBe('proposed')
  must(await approveChange(deps, as(olga), id))
  expect(await demanded()).toBe(2)
  expect(await stateOf(id)).toBe('approved')
  const acts = (await world.entries()).filter((entry) => entry.fields.change === id).map((entry) => entry.act)
  expect(acts).toEqual(['policy.change_proposed', 'policy.change_approved'])
})

test('a preview sees how sessions would be carried, too', async () => {
  const text = (await textOf('tier-1')).replace('@approvals(', '@supervised("yes") @approvals(')
  const { effects } = must(await previewChange(deps, [{ name: 'tier-1', text }]))
  expect(effects.find((effect) => effect.people.includes('alice'))).toMatchObject({
    ...{ before: { session: { supervised: false } }, after: { session: { supervised: true } } },
  })
})

test('a preview tells what would be held in sessions, of whom, for how long, and who would be asked', async () => {
  const text = (wait: string, group = 'engineers') =>
    `@act("ask") @wait("${wait}") permit (principal in Group::"${group}", action == Action::"run", resource) when { context.plain && resource in Environment::"production" };`
  const acts = async (wanted: Wanted) => must(await previewChange(deps, [wanted])).acts
  const added = await acts({ name: 'ask-run', text: text('10m') })
  const held = { actions: ['run'], act: 'ask', waitSeconds: 600, conditional: true }
  // erin may approve, but not what she does herself
  const rest = { policy: 'ask-run', accounts: expect.arrayContaining(['deploy@web01']), before: null, after: held }
  const groups = ['approvers', 'security']
  expect(added).toContainEqual({
    ...rest,
    people: ['alice'],
    groups: ['engineers'],
    asked: { groups, names: ['bob', 'carol', 'erin', 'olga'], more: 0 },
  })
  expect(added).toContainEqual({
    ...{ ...rest, people: ['erin'], groups: ['approvers', 'engineers'], asked: { groups, names: ['bob', 'carol', 'olga'], more: 0 } },
  })
  expect(added.flatMap(({ people }) => people)).not.toContain('dave')
  // what nobody may ask for is no session, and what is no policy for acts says nothing of them
  expect(await acts({ name: 'ask-run', text: text('10m', 'auditors') })).toEqual([])
  expect(await acts(nobody('floor-nobody-yet'))).toEqual([])

  must(await approveChange(deps, as(olga), await proposed([{ name: 'ask-run', text: text('10m') }])))
  const shorter = await acts({ name: 'ask-run', text: text('1m') })
  expect(shorter.find(({ people }) => people.includes('alice'))).toMatchObject({ before: held, after: { waitSeconds: 60 } })
  const retired = await acts({ name: 'ask-run', text: null })
  expect(retired.find(({ people }) => people.includes('alice'))).toMatchObject({ before: held, after: null })
  must(await approveChange(deps, as(olga), await proposed([{ name: 'ask-run', text: null }])))
})

test('a policy is added, retired, and put in force again under its name', async () => {
  const approved = async (wanted: Wanted) => must(await approveChange(deps, as(olga), await proposed([wanted])))
  await approved(nobody('floor-nobody'))
  await approved({ name: 'floor-nobody', text: null })
  expect(await policyNamed('floor-nobody')).toMatchObject({ state: 'retired', revision: 2 })
  await approved(nobody('floor-nobody'))
  expect(await policyNamed('floor-nobody')).toMatchObject({ state: 'active', revision: 3 })
})

test('a policy that is new is proposed with a passkey, and approved with one; neither says yes to another text', async () => {
  const [carols, olgas] = [await ownPasskey(world, world.carol), await ownPasskey(world, olga)]
  const by = (wanted: Wanted) => async (code: string) =>
    await proposeChange(deps, { person: world.carol.id, code }, { policies: [wanted], reason: 'the audit asks for it' })
  const wanted = nobody('by-passkey')
  const answer = carols.answer(await askedFor(by({ ...wanted, text: wanted.text?.replace('nobody', 'engineers') ?? null })))
  expect(await by(wanted)(answer)).toMatchObject({ ok: false, error: { code: 'factor.passkey_refused' } })
  const { id } = must(await byPasskey(world, carols, by(wanted)))
  must(await byPasskey(world, olgas, async (code) => await approveChange(deps, { person: olga.id, code }, id)))
  expect(await textOf('by-passkey')).toBe(wanted.text)
  const retired = await proposed([{ name: 'by-passkey', text: null }])
  must(await approveChange(deps, as(olga), retired))
})

describe('nobody alone', () => {
  test('approves what they proposed, neither through the server nor past it', async () => {
    const id = await proposed([nobody('floor-own')])
    expect(await approveChange(deps, as(world.carol), id)).toMatchObject({ ok: false, error: { code: 'access.own_policy_change' } })
    expect(await decidePastTheServer(id, world.carol)).toMatchObject({ ok: false, error: { code: 'keeper.not_authorised' } })
    expect(await policyNamed('floor-own')).toBeUndefined()
    must(await withdrawChange(deps, as(world.carol), id))
    expect(await approveChange(deps, as(olga), id)).toMatchObject({ ok: false, error: { code: 'access.wrong_state' } })
  })

  test('has a policy attested by a code alone, nor by a change that says something else', async () => {
    const row = await policyNamed('tier-2-production')
    const weaker = { ...row, text: String(row.text).replace('@approvals("1")', '@approvals("0")') }
    const policy = { kind: 'policy' as const, revision: Number(row.revision) + 1, row: weaker }
    expect(await world.write([policy], world.stepUp(world.carol))).toMatchObject({ ok: false, error: { code: 'keeper.not_authorised' } })
    const id = await proposed([{ name: 'tier-2-production', text: String(row.text).replace('@approvals("1")', '@approvals("2")') }])
    const [change] = await approvalRows(id, olga.id)
    expect(await world.write([change as never, policy], world.stepUp(olga))).toMatchObject({
      ok: false,
      error: { code: 'keeper.not_authorised' },
    })
  })

  test('proposes in another’s name, or as an engineer', async () => {
    const [edit] = (await world.sql('select changes from policy_change limit 1'))[0].changes
    const by = { proposed_by: olga.id, proposed_at: world.clock.now(), decided_by: null, state: 'proposed' }
    const row = { id: newId('pch'), changes: [{ ...edit, policy: newId('pol'), name: 'mine', revision: 1 }], reason: 'x', ...by }
    const write = (who: Somebody) =>
      world.write([{ kind: 'policy_change', revision: 1, row: { ...row, id: newId('pch') } }], world.stepUp(who))
    expect(await write(world.carol)).toMatchObject({ ok: false, error: { code: 'keeper.not_authorised' } })
    expect(await propose([nobody('floor-alice')], world.alice)).toMatchObject({ ok: false, error: { code: 'keeper.not_authorised' } })
  })
})

test('what was proposed is what is approved: a text that somebody changed in the database goes nowhere', async () => {
  const id = await proposed([nobody('floor-changed')])
  await world.sql(
    `update policy_change set changes = jsonb_set(changes, '{0,text}', to_jsonb('permit (principal, action, resource);'::text)) where id = $1`,
    [id],
  )
  expect(await approveChange(deps, as(olga), id)).toMatchObject({ ok: false, error: { code: 'keeper.forged_row' } })
  expect(await policyNamed('floor-changed')).toBeUndefined()
})

test('all of a change comes into force or nothing', async () => {
  const id = await proposed([nobody('floor-one'), nobody('floor-two')])
  const rows = (await approvalRows(id, olga.id)).slice(0, 2)
  expect(await world.write(rows, world.stepUp(olga))).toMatchObject({ ok: false, error: { code: 'keeper.not_authorised' } })
  must(await approveChange(deps, as(olga), id))
  expect(await policyNamed('floor-two')).toMatchObject({ state: 'active' })
})

test('of two changes of one policy the second is refused: nobody approved it upon the first', async () => {
  const text = await textOf('tier-1')
  const [first, second] = [
    await proposed([{ name: 'tier-1', text: text.replace('@max("4h")', '@max("3h")') }]),
    await proposed([{ name: 'tier-1', text: text.replace('@max("4h")', '@max("2h")') }]),
  ]
  must(await approveChange(deps, as(olga), first))
  expect(await approveChange(deps, as(olga), second)).toMatchObject({ ok: false, error: { code: 'access.policy_changed' } })
})

test('a change waits for a week', async () => {
  const id = await proposed([nobody('floor-late')])
  world.later(8 * 24 * 3600 * 1000)
  expect(await stateOf(id)).toBe('expired')
  expect(await approveChange(deps, as(olga), id)).toMatchObject({ ok: false, error: { code: 'access.policy_change_expired' } })
  expect(await decidePastTheServer(id, olga)).toMatchObject({ ok: false, error: { code: 'keeper.not_authorised' } })
})

describe('is refused before anybody is asked:', () => {
  test.each([
    ['a text that is no policy', { name: 'floor-x', text: 'permit everything' }, 'access.policies_do_not_load'],
    [
      'a permit that does not say what it demands',
      { name: 'free', text: 'permit (principal, action, resource);' },
      'access.policies_do_not_load',
    ],
    ['one to retire that is not there', { name: 'there-is-none', text: null }, 'access.policy_unknown'],
  ])('%s', async (_, wanted, code) => {
    expect(await propose([wanted])).toMatchObject({ ok: false, error: { code } })
    expect(await previewChange(deps, [wanted])).toMatchObject({ ok: false, error: { code } })
  })

  test('what is so already', async () => {
    expect(await propose([{ name: 'tier-1', text: await textOf('tier-1') }])).toMatchObject({
      ok: false,
      error: { code: 'access.policies_same' },
    })
  })
})

/** Rows as they would be once this person approved the change. */
async function approvalRows(id: string, by: string) {
  const [row] = await world.sql('select * from policy_change where id = $1', [id])
  const change = { kind: 'policy_change' as const, revision: 2, row: { ...row, state: 'approved', decided_by: by } }
  const edits = row.changes as { policy: string; name: string; text: string; state: string; revision: number }[]
  const policies = edits.map(({ policy, name, text, state, revision }) => ({
    ...{ kind: 'policy' as const, revision },
    row: { id: policy, name, text, state },
  }))
  return [change, ...policies]
}

const decidePastTheServer = async (id: string, by: Somebody & { id: string }) =>
  await world.write(await approvalRows(id, by.id), world.stepUp(by as never))
