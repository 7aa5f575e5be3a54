import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { type Io, Writer } from './io.ts'
import { Printer } from './printer.ts'
import { drawTable } from './table.ts'
import { harmless, painter, wrap } from './text.ts'
import { distance, spell } from './times.ts'

const columns = [
  { title: 'NAME', value: (row: { name: string; why: string }) => row.name },
  { title: 'WHY', value: (row: { name: string; why: string }) => row.why },
]
const rows = [
  { name: 'alice', why: 'roll out' },
  { name: 'bob', why: 'because the disk is full and the pager rang at three in the night' },
]

function makePrinter(how: { terminal?: boolean; json?: boolean; env?: Record<string, string> }) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  if (how.terminal) Object.assign(stdout, { isTTY: true, columns: 60 })
  const io: Io = { env: how.env ?? {}, stdin, stdout, stderr }
  const writer = new Writer(io)
  const said = () => ({ out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') })
  return { print: new Printer(writer, how.json ?? false), writer, said }
}

describe('a table', () => {
  test('is aligned and fits the terminal', () => {
    expect(drawTable(columns, rows, 40, painter(false))).toBe('NAME   WHY\nalice  roll out\nbob    because the disk is full and the…\n')
  })
  test('is tab-separated, whole and without headings in a pipe', () => {
    const { print, said } = makePrinter({})
    print.table(columns, rows, 'none')
    expect(said().out).toBe(`alice\troll out\nbob\t${rows[1]?.why}\n`)
  })
  test('that is empty says so beside the answer', () => {
    const { print, said } = makePrinter({})
    print.table(columns, [], 'There are none.')
    expect(said()).toEqual({ out: '', err: 'There are none.\n' })
  })
})

describe('colours', () => {
  const line = (how: Parameters<typeof makePrinter>[0]) => {
    const { print, said } = makePrinter(how)
    print.line('done', 'green')
    return said().out
  }
  test('are for terminals', () => {
    expect(line({ terminal: true })).toBe('\u001b[32mdone\u001b[39m\n')
    expect(line({})).toBe('done\n')
  })
  test('are off where NO_COLOR is set', () => expect(line({ terminal: true, env: { NO_COLOR: '1' } })).toBe('done\n'))
})

describe('whatever is printed', () => {
  test('carries no token, whichever way it goes', () => {
    const { print, writer, said } = makePrinter({})
    const token = 'Zm9vYmFyYmF6cXV4'
    writer.redactor.hide(token)
    print.line(`token ${token}`)
    print.raw(`Authorization: Bearer abcdefghijklmnopqrstuvwxyz\n`)
    print.hint(`clv_abcdefghijklmnopqrstuvwx`)
    print.error(new Error('no command clvs-abcde-fgh1j-k2mnp-abcde, CLVS-ABCDE-FGH1J-K2MNP'))
    print.error(new Error(`-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA\n-----END OPENSSH PRIVATE KEY-----`))
    const { out, err } = said()
    expect(out).toBe('token [secret]\nAuthorization: [secret]\n')
    expect(err).not.toMatch(/abcdefgh|b3Blbn|fgh1j/i)
  })
  test('cannot move the cursor or turn the text around', () => {
    expect(harmless('a\u001b[2Jb\u202ec\nd')).toBe('a\\u001b[2Jb\\u202ec\\u000ad')
  })
  test('is one document with a version where JSON is asked for', () => {
    const { print, said } = makePrinter({ json: true })
    print.answer({ names: ['alice'] }, () => print.line('never'))
    print.hint('never')
    print.next('never')
    expect(said()).toEqual({ out: '{"version":1,"names":["alice"]}\n', err: '' })
  })
})

test('durations and distances are said as people say them', () => {
  expect([0, 59, 60, 5400, 90_061].map(spell)).toEqual(['0s', '59s', '1m', '1h30m', '1d1h'])
  expect(distance('2026-01-01T00:00:30Z', Date.parse('2026-01-01T00:00:00Z'))).toBe('in 30s')
  expect(distance('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:01:00Z'))).toBe('1m ago')
  expect(wrap(10, 'one two three four')).toEqual(['one two', 'three four'])
})
