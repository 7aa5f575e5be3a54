import { expect, test } from 'vitest'
import type { NewFact } from '../decide/view.ts'
import { rowsDigest } from './act-digest.ts'

const now = new Date('2026-01-15T09:30:00.000Z')
const later = new Date('2026-01-15T09:31:30.000Z')
const approval = (over: Record<string, unknown> = {}): NewFact => ({
  kind: 'approval',
  revision: 1,
  content: {
    id: 'apr_aaaaaaaaaa',
    request_id: 'req_aaaaaaaaaa',
    verdict: 'approved',
    digest: 'd',
    at: now.toISOString(),
    ...over,
  } as NewFact['content'],
})
const grant = (over: Record<string, unknown> = {}): NewFact => ({
  kind: 'access_grant',
  revision: 1,
  content: {
    id: 'grt_aaaaaaaaaa',
    request_id: 'req_aaaaaaaaaa',
    chain_id: 'grt_aaaaaaaaaa',
    ends_at: now.toISOString(),
    ...over,
  } as NewFact['content'],
})
const target = (over: Record<string, unknown> = {}, revision = 4): NewFact => ({
  kind: 'target',
  revision,
  content: { id: 'tgt_aaaaaaaaaa', name: 'web01', settings: { host: 'web01', since: now.toISOString() }, ...over } as NewFact['content'],
})

test('an act is the same when it comes again: with other ids of what is new, and a moment later', () => {
  const again = [
    approval({ id: 'apr_bbbbbbbbbb', at: later.toISOString() }),
    grant({ id: 'grt_bbbbbbbbbb', chain_id: 'grt_bbbbbbbbbb', ends_at: later.toISOString() }),
    target({ settings: { host: 'web01', since: later.toISOString() } }),
  ]
  expect(rowsDigest(again, later)).toBe(rowsDigest([approval(), grant(), target()], now))
})

const request = (id: string, digest: string, over: Record<string, unknown> = {}): NewFact => ({
  kind: 'access_request',
  revision: 1,
  content: { id, digest, account_id: 'acc_aaaaaaaaaa', seconds: 600, ...over } as NewFact['content'],
})
test('a request that is made has another digest each time, and is the same for all that; one for something else is not', () => {
  const asked = rowsDigest([request('req_aaaaaaaaaa', 'd1')], now)
  expect(rowsDigest([request('req_bbbbbbbbbb', 'd2')], later)).toBe(asked)
  expect(rowsDigest([request('req_bbbbbbbbbb', 'd2', { account_id: 'acc_bbbbbbbbbb' })], later)).not.toBe(asked)
  expect(rowsDigest([{ ...request('req_aaaaaaaaaa', 'd1'), revision: 2 }], now)).not.toBe(
    rowsDigest([{ ...request('req_aaaaaaaaaa', 'd2'), revision: 2 }], now),
  )
})

const proposal = (policy: string, text: string, revision = 1): NewFact => ({
  kind: 'policy_change',
  revision: 1,
  content: { id: 'pch_aaaaaaaaaa', changes: [{ policy, name: 'night', text, revision }] } as unknown as NewFact['content'],
})
test('a policy that is proposed gets another id each time, and is the same for all that; another text is not, nor one that is there already', () => {
  const asked = rowsDigest([proposal('pol_aaaaaaaaaa', 'permit')], now)
  expect(rowsDigest([proposal('pol_bbbbbbbbbb', 'permit')], later)).toBe(asked)
  expect(rowsDigest([proposal('pol_bbbbbbbbbb', 'forbid')], later)).not.toBe(asked)
  expect(rowsDigest([proposal('pol_aaaaaaaaaa', 'permit', 2)], now)).not.toBe(rowsDigest([proposal('pol_bbbbbbbbbb', 'permit', 2)], now))
})

test.each<[string, NewFact[]]>([
  ['of another request', [approval({ request_id: 'req_bbbbbbbbbb' }), target()]],
  ['with another word', [approval({ verdict: 'denied' }), target()]],
  ['for another digest', [approval({ digest: 'e' }), target()]],
  ['without one of its rows', [approval()]],
  ['with a row more', [approval(), target(), grant()]],
  ['in another order', [target(), approval()]],
  ['upon another revision', [approval(), target({}, 5)]],
  ['of another row that was there', [approval(), target({ id: 'tgt_bbbbbbbbbb' })]],
  ['with another value inside', [approval(), target({ settings: { host: 'web02', since: now.toISOString() } })]],
  ['with a time that is not now', [approval(), target({ settings: { host: 'web01', since: '2026-01-15T12:00:00.000Z' } })]],
])('it is another one %s', (_what, batch) => {
  expect(rowsDigest(batch, now)).not.toBe(rowsDigest([approval(), target()], now))
})

test('a reference to a new row is no reference to another new row', () => {
  const two = (chain: string) => [grant({ chain_id: 'x' }), grant({ id: 'grt_cccccccccc', chain_id: chain })]
  expect(rowsDigest(two('grt_aaaaaaaaaa'), now)).not.toBe(rowsDigest(two('grt_cccccccccc'), now))
})
