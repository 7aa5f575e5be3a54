import { expect, test } from 'vitest'
import { actInWords } from './acts.ts'
import { detailsOf } from './ledger.ts'

test('an act without words of its own is read from its name, and never left out', () => {
  expect(actInWords('access.granted')).toBe('Access granted')
  expect(actInWords('something.quite_new')).toBe('Something: quite new')
})

test('what is said of an entry leaves out the thing itself, proofs and what is empty', () => {
  const entry = {
    personal: { reason: 'look at the log' },
    fields: { account: 'acc_aaaaaaaaaa', target: 'tgt_aaaaaaaaaa', digest: 'ab'.repeat(32), ticket: null, gone: ['x', 'y'] },
  }
  expect(detailsOf(entry, 'acc_aaaaaaaaaa')).toEqual([
    ['reason', 'look at the log'],
    ['target', 'tgt_aaaaaaaaaa'],
    ['gone', 'x, y'],
  ])
})
