import { expect, test } from 'vitest'
import { vector } from '../../../scripts/docs/page.ts'
import { checkConsistency } from './consistency.ts'
import { readNote } from './note.ts'

const proof = JSON.parse(vector('consistency-proof'))

test('the vector of docs/formats.md holds, and so it does from the checkpoint that was kept', async () => {
  const checked = await checkConsistency(proof)
  expect(checked).toMatchObject({ ok: true, first: { size: 2 }, second: { size: 3 } })
  expect(await checkConsistency(proof, proof.first)).toMatchObject({ ok: true })
})

test.each([
  ['a hash less', { path: [] }],
  ['a hash more', { path: [...proof.path, proof.path[0]] }],
  ['its checkpoints swapped', { first: proof.second, second: proof.first }],
  ['another root', { second: proof.second.replace('vZ/j', 'vZ/k') }],
  ['another key', { verifierKey: proof.verifierKey.replace('Ac0U', 'Ac0V') }],
  ['another log', { log: 'claviger.dev/ledger/other' }],
])('with %s it does not hold', async (_what, change) => {
  expect((await checkConsistency({ ...proof, ...change })).ok).toBe(false)
})

test.each([
  ['the later checkpoint', proof.second],
  ['a checkpoint with another root', proof.first.replace('L5Iz', 'L5Ix')],
  ['something else', 'hello'],
])('what somebody kept is compared: %s is not where the proof begins', async (_what, kept) => {
  expect((await checkConsistency(proof, kept)).ok).toBe(false)
})

test.each(['', 'hello', '{"a":1}', 'x\n-1\nL5Izc1Lg/pPdy4n78iasJykKIboVm0BTcXocBpVMaXU=\n\n— x y\n', 'x\n2\nshort\n\n— x y\n'])(
  'what is no checkpoint is not read as one: %j',
  (text) => expect(readNote(text)).toBeUndefined(),
)
