import { expect, test } from 'vitest'
import { signCheckpoint } from '../../keeper/ledger/checkpoint.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import type { House } from '../identity/test/house.ts'
import { auditEvent } from './event.ts'
import { secondNode } from './test/second-node.ts'
import { type SecondNode, withTwoNodes } from './test/with-two-nodes.ts'

/* Two keepers compare what they signed by a road beside the database. */

const happened = auditEvent('test.happened', { what: 'shown' })
let house: House
let second: SecondNode
withTwoNodes((...nodes) => {
  ;[house, second] = nodes
})

const noteOf = async (node: { keeper: House['keeper'] }) => {
  const status = await node.keeper.ask('status', {})
  return status.ok ? status.value.note : ''
}

test('keepers that follow one log find each other the same, at each step and from either side', async () => {
  for (let i = 0; i < 5; i++) {
    await second.audit.note(happened({ what: `entry ${i}` }), null)
    expect(await house.keeper.ask('compare', { note: await noteOf(second), peer: 'second' })).toMatchObject({ ok: true })
    expect(await second.keeper.ask('compare', { note: await noteOf(house), peer: 'first' })).toMatchObject({ value: { compared: 'same' } })
  }
})

test('a keeper that started again compares what others signed before', async () => {
  const third = await secondNode(house, { name: 'third' })
  const before = await noteOf(third)
  await third.close()
  for (let i = 0; i < 3; i++) await house.audit.note(happened({ what: `while it was away ${i}` }), null)
  const again = await secondNode(house, { name: 'third' })
  expect(await again.keeper.ask('compare', { note: before, peer: 'first' })).toMatchObject({ value: { compared: 'same' } })
  await again.close()
})

test('what no keeper of this installation signed stops nobody', async () => {
  const forged = (await noteOf(house)).replace(/\n\d+\n/, '\n999999\n')
  expect(await house.keeper.ask('compare', { note: forged, peer: 'second' })).toMatchObject({ error: { code: 'ledger.not_ours' } })
  expect(house.inside.context.divergence).toBeUndefined()
})

test('a second history, signed by a keeper of ours that was shown it, stops this one: nothing opens, nothing is signed, officers take note', async () => {
  const officers = [await house.enrolled('olga', ['security']), await house.enrolled('otto', ['security'])]
  const { identity, notary } = house.inside.context
  const other = signCheckpoint(identity.signer, {
    ...{ log: identity.log, size: notary.size - 1, root: sha256('what the other was shown') },
    ...{ epoch: identity.epoch, time: new Date().toISOString() },
  })
  expect(await house.keeper.ask('compare', { note: other, peer: 'node-b' })).toMatchObject({ error: { code: 'keeper.diverged' } })
  expect(house.inside.context.divergence).toContain('two histories')
  expect(house.inside.context.divergence).toContain('node-b')
  expect(await house.keeper.ask('vouch', { rows: [{ kind: 'person', id: officers[0]?.id as string }] })).toMatchObject({
    error: { code: 'keeper.diverged' },
  })
  expect(house.alarms.join('\n')).toContain('two histories')
  // the other server of the two takes over; ours signs no more
  const { size } = notary
  await second.audit.note(happened({ what: 'at the other' }), null)
  expect(second.sequencer.leads()).toBe(true)
  expect(notary.signedSize).toBeLessThanOrEqual(size + 1)

  const { epoch } = identity
  for (const officer of officers)
    expect(await house.keeper.ask('acknowledge', { person: officer.id, code: officer.code() })).toMatchObject({ ok: true })
  expect(identity.epoch).toBe(epoch + 1)
  // what the other signed before is of an earlier epoch, and stops nobody again
  expect(await house.keeper.ask('compare', { note: other, peer: 'node-b' })).toMatchObject({ value: { compared: 'old' } })
})
