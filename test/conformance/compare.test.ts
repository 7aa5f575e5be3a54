import { expect, test } from 'vitest'
import { compare } from './compare.ts'
import type { Row } from './row.ts'
import type { Seen } from './run-lane.ts'

/* That the table can fail: whatever a path leaves out, adds or says otherwise is a difference of its cell. */

const row = { act: 'a file up', wire: 'ssh', cells: {}, leaves: [/sha256=[0-9a-f]+/] } as unknown as Row
const left = { ledger: ['session.opened: way=of the path', 'session.file: sha256=00ff'], recording: ['a session', 'file put'] }
const seen = (path: Seen['path'], over: Partial<Seen> = {}): Seen => ({ row, path, ...left, ...over })
const differencesOf = (over: Partial<Seen>) => compare([seen('native'), seen('forwarded', over)])[1]?.differences

test('what leaves the same behind has no difference', () => {
  expect(compare([seen('native'), seen('web'), seen('cli')]).flatMap(({ differences }) => differences)).toEqual([])
})

test.each<[string, Partial<Seen>, RegExp]>([
  ['leaves out an entry', { ledger: left.ledger.slice(1) }, /^- ledger: session\.opened/],
  ['writes one twice', { ledger: [...left.ledger, left.ledger[0] ?? ''] }, /^\+ ledger: session\.opened/],
  ['says another way than it goes', { ledger: ['session.opened: way=native', left.ledger[1] ?? ''] }, /^\+ ledger: .*way=native/],
  ['records less', { recording: ['a session'] }, /^- recording: file put/],
  ['could not be done', { error: 'nobody answered' }, /nobody answered/],
  ['leaves no entry at all', { ledger: [] }, /no entry in the ledger/],
  ['keeps what is secret', { recording: [...left.recording, 'statement very secret indeed'] }, /what is secret/],
])('a path that %s differs', (_what, over, difference) => {
  expect(differencesOf(over)).toContainEqual(expect.stringMatching(difference))
})

test('what all paths leave out alike is missed all the same', () => {
  const without = { ledger: ['session.file: sha256=null'] }
  const verdicts = compare([seen('native', without), seen('forwarded', without)])
  expect(verdicts.map(({ differences }) => differences)).toEqual([['nothing like /sha256=[0-9a-f]+/'], ['nothing like /sha256=[0-9a-f]+/']])
})
