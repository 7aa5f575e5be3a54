import { expect, test } from 'vitest'
import { cutIn, toCsv } from './csv.ts'

const columns = ['id', 'said "so"', 'x'].map((name) => ({ name, type: 'text' }))

test('null is nothing, empty text is two quotes, and what divides is quoted', () => {
  const rows = [
    ['1', null, ''],
    ['2', 'a,b', 'say "hi"'],
    ['3', 'two\nlines', ' padded '],
  ]
  expect(toCsv({ columns, rows })).toBe('\ufeffid,"said ""so""",x\r\n1,,""\r\n2,"a,b","say ""hi"""\r\n3,"two\nlines"," padded "\r\n')
})

test('what somebody put into the database is no formula in the spreadsheet of whoever reads it, and a number stays one', () => {
  const rows = [
    ['=HYPERLINK("http://evil")', '+cmd|x', '@SUM(1)'],
    ['-1.5', '+2e10', '-a'],
    ['\t=1', '=1+1', '-'],
  ]
  expect(toCsv({ columns: columns.map((c) => ({ ...c, name: '=c' })), rows }).split('\r\n')).toEqual([
    "\ufeff'=c,'=c,'=c",
    `"'=HYPERLINK(""http://evil"")",'+cmd|x,'@SUM(1)`,
    "-1.5,+2e10,'-a",
    "'\t=1,'=1+1,'-",
    '',
  ])
})

test('counts what is not whole', () => {
  expect(
    cutIn({
      rows: [
        ['a', { cut: 'b', length: 9 }],
        [null, { cut: '', length: 5 }],
      ],
    }),
  ).toBe(2)
})
