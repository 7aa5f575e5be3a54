import { expect, test } from 'vitest'
import { vector } from '../../../scripts/docs/page.ts'
import { checkProof, commitmentOf } from './verify.ts'

const proof = JSON.parse(vector('inclusion-proof'))
const entry = { id: proof.entry.id, bytes: proof.entry.bytes }
const leaves = vector('leaves').split('\n')
const roots = vector('roots').split('\n')

test('the vector of docs/formats.md holds, and each level is shown', async () => {
  const checked = await checkProof(proof, entry)
  expect(checked).toMatchObject({ ok: true, leaf: leaves[1], root: roots[3], size: 3 })
  expect(checked.levels.map((l) => [l.side, l.sibling])).toEqual([
    ['left', leaves[0]],
    ['right', leaves[2]],
  ])
})

test.each([
  ['another place', { entry: { ...proof.entry, place: 3 } }],
  ['a hash less', { path: proof.path.slice(1) }],
  ['another root', { checkpoint: proof.checkpoint.replace('vZ/j', 'vZ/k') }],
  ['another time in the note', { checkpoint: proof.checkpoint.replace('03:04:06', '03:04:07') }],
  ['another key', { verifierKey: proof.verifierKey.replace('Ac0U', 'Ac0V') }],
])('with %s it does not hold', async (_what, change) => {
  expect((await checkProof({ ...proof, ...change }, entry)).ok).toBe(false)
})

test('a commitment is that of the value and its salt', async () => {
  expect(await commitmentOf('roll out 4.2', Buffer.from(Uint8Array.from({ length: 16 }, (_, i) => 16 + i)).toString('base64'))).toBe(
    JSON.parse(vector('entry-2')).committed.reason,
  )
})
