import { expect, test } from 'vitest'
import { vector } from '../../../scripts/docs/page.ts'
import { verifyProof } from './proof.ts'

const inclusion = vector('inclusion-proof')
const consistency = vector('consistency-proof')
const key = vector('verifier-key')

test('the vectors of docs/formats.md hold, with the key that was noted by another road', () => {
  expect(verifyProof(inclusion, { verifierKey: key })).toMatchObject({ ok: true, anchored: true, kind: 'inclusion' })
  expect(verifyProof(consistency, { verifierKey: key })).toMatchObject({ ok: true, anchored: true, kind: 'consistency' })
  expect(verifyProof(inclusion)).toMatchObject({ ok: true, anchored: false })
})

type Json = Record<string, unknown> & { entry: Record<string, unknown>; path: string[] }
const changed = (file: string, change: (json: Json) => object) => {
  const json = JSON.parse(file) as Json
  return JSON.stringify({ ...json, ...change(json) })
}
const other = Buffer.from('{"id":"ent_vector0002"}').toString('base64')
test.each<[string, (json: Json) => object, string]>([
  ['another place', (p) => ({ entry: { ...p.entry, place: 1 } }), 'lead from it'],
  ['other bytes', (p) => ({ entry: { ...p.entry, bytes: other } }), 'lead from it'],
  ['another id', (p) => ({ entry: { ...p.entry, id: 'ent_vector0001' } }), 'the bytes are'],
  ['a hash less', (p) => ({ path: p.path.slice(1) }), 'lead from it'],
  ['a hash more', (p) => ({ path: [...p.path, p.path[0]] }), 'lead from it'],
  ['another log', () => ({ log: 'claviger.dev/ledger/other' }), 'is signed by'],
  ['a field more', () => ({ extra: 1 }), 'proof file'],
])('a proof with %s does not hold, and the step says where', (_what, change, step) => {
  const verdict = verifyProof(changed(inclusion, change), { verifierKey: key })
  expect(verdict.ok).toBe(false)
  expect(verdict.steps.at(-1)).toMatchObject({ ok: false, what: expect.stringContaining(step) })
})

test('a proof of another signer is not the one that was expected', () => {
  expect(verifyProof(inclusion, { verifierKey: key.replace('vector', 'factor') })).toMatchObject({ ok: false })
})

test('a consistency proof with its checkpoints swapped does not hold', () => {
  const swapped = changed(consistency, (p) => ({ first: p.second, second: p.first }))
  expect(verifyProof(swapped, { verifierKey: key }).ok).toBe(false)
})

const notes = JSON.parse(consistency) as { first: string; second: string }
test('a checkpoint that was kept outside anchors a proof about it, and no other', () => {
  for (const checkpoint of [notes.first, notes.second])
    expect(verifyProof(consistency, { checkpoint })).toMatchObject({ ok: true, anchored: true })
  expect(verifyProof(inclusion, { checkpoint: notes.second })).toMatchObject({ ok: true, anchored: true })
  for (const checkpoint of ['hello', notes.first.replace('L5Iz', 'L5Ix'), notes.first.replace('03:04:06', '03:04:07')])
    expect(verifyProof(consistency, { checkpoint }).ok).toBe(false)
  expect(verifyProof(inclusion, { checkpoint: notes.first }).steps.at(-1)).toMatchObject({ ok: false, what: /the one in the file$/ })
})

test.each(['', '{}', '[]', 'x', '{"format":"claviger-inclusion-proof","version":1}'])(
  'what is no proof file is named as such: %j',
  (text) => {
    expect(verifyProof(text)).toMatchObject({ ok: false, steps: [{ ok: false }] })
  },
)
