import { expect, test } from 'vitest'
import { differencesOf } from './compare-printed.ts'

const printed = (text: string) => new Map([['copy', text]])
const straight = printed('select 1;\n 1\nERROR:  no\n')

test('what the gateway says when a session begins is no difference', () => {
  const through = printed(
    'NOTICE:  This session is recorded: alice as x@y.\nselect 1;\n 1\nNOTICE:  This session is recorded.\nERROR:  no\n',
  )
  expect(differencesOf(straight, through)).toEqual([])
})

test.each([
  ['another line', 'select 1;\n 2\nERROR:  no\n', { line: 2, direct: ' 1', through: ' 2' }],
  ['a line less', 'select 1;\nERROR:  no\n', { line: 2, direct: ' 1', through: 'ERROR:  no' }],
  ['a line more at the end', 'select 1;\n 1\nERROR:  no\n\nmore', { line: 5, direct: '', through: 'more' }],
  ['an end in the middle', 'select 1;\n 1', { line: 3, direct: 'ERROR:  no', through: '' }],
])('%s is found', (_what, text, where) => {
  expect(differencesOf(straight, printed(text))).toEqual([{ test: 'copy', ...where }])
})

test('a test that was not run through the gateway is found', () => {
  expect(differencesOf(straight, new Map())).toHaveLength(1)
})
