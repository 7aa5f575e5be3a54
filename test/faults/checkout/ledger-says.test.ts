import { expect, test } from 'vitest'
import type { EntryBytes } from '../losses/ledger.ts'
import { whatTheLedgerSays } from './ledger-says.ts'

const entry = (act: string, fields: object, phase = 'done'): EntryBytes => ({
  ...{ id: 'e', act, phase, intent: null, fields: { account: 'acc', ...fields } },
})
const granted = (grant: string) => entry('access.granted', { grant })
const ended = (grant: string) => entry('access.grant_ended', { grant })
const rotated = (rotation: string) => [entry('rotation.begun', { rotation }, 'intent'), entry('rotation.done', { rotation }, 'outcome')]
const whys = (...entries: EntryBytes[]) => whatTheLedgerSays(entries, 'acc').losses.map(({ what, why }) => `${what}: ${why}`)

test('one after the other, each after a rotation, is as promised', () => {
  const entries = [granted('g1'), ended('g1'), ...rotated('r1'), granted('g2'), ended('g2'), ...rotated('r2')]
  expect(whatTheLedgerSays(entries, 'acc')).toEqual({ holders: 2, losses: [] })
})

test.each<[string, EntryBytes[], string]>([
  ['two at once', [granted('g1'), granted('g2')], 'g2: it was granted while g1 held the account'],
  [
    'one before the credential was replaced',
    [granted('g1'), ended('g1'), granted('g2')],
    'g2: it was granted before the credential of the holder before was replaced',
  ],
  [
    'one after a rotation that began while it was still held',
    [
      granted('g1'),
      entry('rotation.begun', { rotation: 'r1' }, 'intent'),
      ended('g1'),
      entry('rotation.done', { rotation: 'r1' }, 'outcome'),
      granted('g2'),
    ],
    'g2: it was granted before the credential of the holder before was replaced',
  ],
  ['one that never came back', [granted('g1')], 'g1: it holds the account, and nobody works any more'],
  ['one whose credential was not replaced in the end', [granted('g1'), ended('g1')], 'acc: what the last holder knew was not replaced'],
])('%s is found', (_what, entries, why) => {
  expect(whys(...entries)).toContain(why)
})
