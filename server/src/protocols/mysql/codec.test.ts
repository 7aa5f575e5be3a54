import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Answered,
  CommandReader,
  errorBody,
  okBody,
  PacketScanner,
  packet,
  ResponseReader,
  readClientLogin,
  readExecute,
} from './index.ts'

const eof = (status = 2) => Buffer.from([0xfe, 0, 0, status & 255, status >> 8])
const text = (...values: string[]) => Buffer.concat(values.map((value) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])))
const numbered = (...bodies: Buffer[]) => Buffer.concat(bodies.map((body, i) => packet(i + 1, body)))
const column = text('def', 'a')

/** Two results, the second without rows, and an error behind them. */
const answer = numbered(
  ...[Buffer.from([2]), column, column, eof(), text('1', 'x'), Buffer.from([0xfb, 0xfb]), eof(2 | 8)],
  ...[Buffer.from([1]), column, eof(), eof(2 | 8)],
  errorBody(1146, '42S02', 'no such table'),
)

/** What a reader makes of bytes that come in pieces. */
function read(pieces: readonly Buffer[]): { understood: boolean; answers: Answered[]; between: boolean; wrong: string | undefined } {
  const answers: Answered[] = []
  const reader = new ResponseReader((one) => answers.push(one))
  const scanner = new PacketScanner(reader)
  reader.expect({ kind: 'results', cursor: false })
  const understood = pieces.every((piece) => scanner.scan(piece))
  return { understood, answers, between: scanner.between, wrong: reader.wrong }
}

/** Cuts at every place of a sorted set. */
const cutAt = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const at = [0, ...places.filter((p) => p > 0 && p < bytes.length).toSorted((a, b) => a - b), bytes.length]
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end))
}

describe('an answer of a server', () => {
  const whole = read([answer])

  test('is followed to its end, over several results and an error', () => {
    expect(whole).toMatchObject({ understood: true, between: true })
    expect(whole.answers).toMatchObject([{ rows: 2, error: { number: 1146, sqlState: '42S02' } }])
  })

  test('means the same wherever it is cut', () => {
    for (let cut = 1; cut < answer.length; cut++) expect(read(cutAt(answer, [cut])), `at ${cut}`).toEqual(whole)
    expect(read([...answer].map((byte) => Buffer.from([byte])))).toEqual(whole)
    fc.assert(fc.property(fc.array(fc.nat(answer.length)), (places) => void expect(read(cutAt(answer, places))).toEqual(whole)))
  })

  test('a row of more than a packet is one row, though its rest looks like an end', () => {
    const big = Buffer.alloc(0xffffff, 65)
    const rest = eof()
    const rows = Buffer.concat([numbered(Buffer.from([1]), column, eof()), packet(4, big), packet(5, rest), packet(6, eof())])
    expect(read([rows])).toMatchObject({ understood: true, between: true, answers: [{ rows: 1 }] })
  })

  test.each([
    ['it asks for a file of the client', numbered(Buffer.from('\xfb/etc/passwd', 'latin1'))],
    ['it asks for one as the second result', numbered(okBody(2 | 8, ''), Buffer.from('\xfb/etc/passwd', 'latin1'))],
    ['more columns come than it said', numbered(Buffer.from([1]), column, column, eof())],
    ['fewer columns come than it said', numbered(Buffer.from([2]), column, eof())],
    ['no columns, said in a roundabout way', numbered(Buffer.from([0xfc, 0, 0]), eof())],
    ['an end of another length', numbered(Buffer.from([1]), column, Buffer.from([0xfe, 0, 0]))],
    ['a cursor that nobody asked for', numbered(Buffer.from([1]), column, eof(0x40))],
    ['an outcome that is cut', numbered(Buffer.from([0, 1]))],
    ['something behind the end', Buffer.concat([numbered(okBody(2, '')), packet(2, okBody(2, ''))])],
  ])('is not passed on where %s', (_what, bytes) => {
    expect(read([bytes])).toMatchObject({ understood: false, wrong: expect.any(String) })
  })

  test('whatever comes is read without harm', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void read([Buffer.from(bytes)])))
  })
})

describe('commands of a client', () => {
  const commands = [Buffer.from('\x03select 1'), Buffer.from('\x0e'), Buffer.from(`\x03${'x'.repeat(5000)}`), Buffer.from('\x01')]
  const stream = Buffer.concat(commands.map((body) => packet(0, body)))
  const taken = (pieces: readonly Buffer[]): (Buffer | string)[] => {
    const reader = new CommandReader()
    const out: (Buffer | string)[] = []
    for (const piece of pieces) {
      reader.push(piece)
      for (let one = reader.take(); one !== undefined; one = reader.take()) {
        out.push(typeof one === 'string' ? one : Buffer.from(one.subarray(4)))
        if (one === 'malformed') return out
      }
    }
    return out
  }

  test('are the same wherever the stream is cut', () => {
    for (let cut = 1; cut < stream.length; cut++) expect(taken(cutAt(stream, [cut])), `at ${cut}`).toEqual(commands)
    fc.assert(fc.property(fc.array(fc.nat(stream.length)), (places) => void expect(taken(cutAt(stream, places))).toEqual(commands)))
  })

  test('one that is longer than a packet is passed over, and what follows is found', () => {
    const long = Buffer.concat([
      packet(0, Buffer.alloc(0xffffff, 3)),
      packet(1, Buffer.alloc(0xffffff, 3)),
      packet(2, Buffer.alloc(0)),
      stream,
    ])
    expect(taken([long])).toEqual(['too long', ...commands])
    expect(taken(cutAt(long, [3, 70_000, 0xffffff + 5, 2 * 0xffffff + 9]))).toEqual(['too long', ...commands])
  })

  test('one that does not begin an exchange, or is empty, is none', () => {
    expect(taken([packet(1, Buffer.from('\x03x'))])).toEqual(['malformed'])
    expect(taken([packet(0, Buffer.alloc(0))])).toEqual(['malformed'])
  })
})

describe('what a client says', () => {
  test('values of a statement are read to the last byte or not at all', () => {
    // two parameters, both bound now: a LONGLONG and a VAR_STRING
    const head = Buffer.from([0x17, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 8, 0, 0xfd, 0])
    const body = Buffer.concat([head, Buffer.from([255, 255, 255, 255, 255, 255, 255, 255]), text('abc')])
    const known = { parameters: 2, types: undefined, isLong: () => false }
    expect(readExecute(body, known)?.values).toEqual([{ text: '-1' }, { bytes: Buffer.from('abc') }])
    for (let cut = 0; cut < body.length; cut++) expect(readExecute(body.subarray(0, cut), known), `cut at ${cut}`).toBeUndefined()
    expect(readExecute(Buffer.concat([body, Buffer.alloc(1)]), known)).toBeUndefined()
  })

  test('whatever comes as a login or as values is read without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(20), (bytes, parameters) => {
        const body = Buffer.from(bytes)
        readClientLogin(body)
        readExecute(body, { parameters, types: undefined, isLong: (place) => place % 3 === 0 })
      }),
    )
  })
})
