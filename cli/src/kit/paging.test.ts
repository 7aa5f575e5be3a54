import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { Writer } from './io.ts'
import { sayMore } from './paging.ts'
import { Printer } from './printer.ts'

function said(given: object, shown: number): string {
  const [stdin, stdout, stderr] = [new PassThrough(), Object.assign(new PassThrough(), { isTTY: true }), new PassThrough()]
  sayMore(new Printer(new Writer({ env: {}, stdin, stdout, stderr }), false), 'sessions list', given, shown, 'ses_aaaaaaaaaa')
  return String(stderr.read() ?? '').replaceAll(/\u001b\[\d+m/g, '')
}

test('a full page says how to get the next one, under the same conditions', () => {
  expect(said({ state: 'ended', limit: 100 }, 100)).toContain('claviger sessions list --state ended --after ses_aaaaaaaaaa')
  expect(said({ search: "o'neill on db", limit: 20, json: false, after: 'ses_old' }, 20)).toContain(
    `claviger sessions list --search 'o'\\''neill on db' --limit 20 --after ses_aaaaaaaaaa`,
  )
})

test('the last page says nothing', () => expect(said({ limit: 100 }, 99)).toBe(''))
