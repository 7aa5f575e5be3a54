import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ContentsReader, localFileIn, PacketScanner, packet, ResponseReader } from './index.ts'

/** A sorted set of places to cut at. */
const cutAt = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const at = [0, ...places.filter((p) => p > 0 && p < bytes.length).toSorted((a, b) => a - b), bytes.length]
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end))
}
const bytewise = (bytes: Buffer) => [...bytes].map((byte) => Buffer.from([byte]))

describe('a text that sends a file of the client', () => {
  test.each([
    ["load data local infile '/srv/in/people.csv' into table people", '/srv/in/people.csv'],
    [
      "LOAD DATA LOCAL INFILE'/a b/c.csv' REPLACE INTO TABLE t FIELDS TERMINATED BY ';' ENCLOSED BY '\"' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n';",
      '/a b/c.csv',
    ],
    ["load data low_priority local infile 'people.csv' into table t", 'people.csv'],
    ["/* by a tool */ load -- one\n xml concurrent local # two\n infile '/x' into table t", '/x'],
    ["load data local infile '/ä.csv' into table t (a, @b) set c = concat(@b, ';')", '/ä.csv'],
  ])('%s', (sql, name) => expect(localFileIn(sql)).toEqual({ name }))

  test.each([
    // which of them is meant is not told by the request
    "load data local infile '/a' into table t; select 1",
    "select 1; load data local infile '/a' into table t",
    "load data local infile '/a' into table t; load data local infile '/b' into table t",
    // the server may read another name
    "load data local infile '/a\\'' into table t",
    "load data local infile '/a\\b' into table t",
    "load data local infile '/a''b' into table t",
    'load data local infile "/a" into table t',
    "load data local infile N'/a' into table t",
    "load data local infile _utf8'/a' into table t",
    'load data local infile 0x2f61 into table t',
    "load data local infile '' into table t",
    "load data local infile '/a\n' into table t",
    "load data /*!50000 local */ infile '/a' into table t",
    "/*!load*/ data local infile '/a' into table t",
    "set statement max_statement_time = 1 for load data local infile '/a' into table t",
    "load data local infile '/a' into table t fields escaped by '\\'",
    `load data local infile '/a' into table t ${' '.repeat(262_144)}`,
  ])('is unclear: %s', (sql) => expect(localFileIn(sql)).toBe('unclear'))

  test.each([
    'select 1',
    "load data infile '/var/lib/mysql-files/a' into table t",
    "insert into t values ('load data local infile')",
    '-- load data local\nselect 1',
    'select load, local from t',
    'prepare s from @x',
  ])('is none: %s', (sql) => expect(localFileIn(sql)).toBe('none'))
})

describe('a request for a file of the client', () => {
  const name = Buffer.from('/srv/in/people.csv')
  const request = (of: Buffer, number = 1) => packet(number, Buffer.concat([Buffer.from([0xfb]), of]))
  /** What becomes of what a server says while a statement runs that names this file. */
  const read = (pieces: readonly Buffer[], file: Buffer | undefined = name) => {
    let asked = 0
    const reader = new ResponseReader(
      () => {},
      undefined,
      () => asked++,
    )
    const scanner = new PacketScanner(reader)
    reader.expect({ kind: 'results', cursor: false, ...(file && { file }) })
    const understood = pieces.every((piece) => scanner.scan(piece))
    return { understood, asked, demanded: reader.demanded }
  }

  test('passes for exactly the name of the statement, wherever it is cut', () => {
    const whole = { understood: true, asked: 1, demanded: false }
    for (let cut = 1; cut < request(name).length; cut++) expect(read(cutAt(request(name), [cut])), `at ${cut}`).toEqual(whole)
    expect(read(bytewise(request(name)))).toEqual(whole)
  })

  test.each([
    ['another file of as many letters', [request(Buffer.from('/srv/in/peoplf.csv'))]],
    ['a shorter name', [request(name.subarray(0, -1))]],
    ['a longer one', [request(Buffer.concat([name, Buffer.from('x')]))]],
    ['no name', [request(Buffer.alloc(0))]],
    ['the file of the statement behind a first result', [packet(1, Buffer.from([0, 0, 0, 8, 0, 0, 0])), request(name, 2)]],
  ])('is none of the statement: %s', (_what, said) => {
    for (const pieces of [said, [Buffer.concat(said)], bytewise(Buffer.concat(said))])
      expect(read(pieces)).toEqual({ understood: false, asked: 0, demanded: true })
  })

  test('comes once, and nothing is said before the file is there', () => {
    expect(read([request(name), request(name, 2)])).toMatchObject({ understood: false, asked: 1 })
    expect(read([Buffer.concat([request(name), packet(2, Buffer.from([0, 0, 0, 2, 0, 0, 0]))])])).toMatchObject({ understood: false })
  })

  test('where no statement names a file there is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(read([request(Buffer.from(bytes))], undefined)).toEqual({ understood: false, asked: 0, demanded: true })
      }),
    )
  })
})

describe('a file that a client sends', () => {
  const sent = (first: number, ...contents: Buffer[]) => Buffer.concat(contents.map((one, i) => packet(first + i, one)))
  const end = Buffer.alloc(0)
  const read = (pieces: readonly Buffer[], first = 2) => {
    const reader = new ContentsReader(first)
    const contents: Buffer[] = []
    let behind: Buffer | undefined
    for (const piece of pieces) {
      if (behind) {
        behind = Buffer.concat([behind, piece])
        continue
      }
      const one = reader.read(piece)
      if (!one) return 'none'
      contents.push(...one.pieces)
      behind = one.behind
    }
    return { contents: Buffer.concat(contents).toString('latin1'), behind: behind?.toString('latin1'), next: reader.nextSequence }
  }

  test('is the same wherever it is cut, and what comes behind it is the next command', () => {
    const command = packet(0, Buffer.from('\x03select 1'))
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 30 }), { maxLength: 6 }), fc.array(fc.nat(250)), (parts, places) => {
        const bytes = Buffer.concat([sent(2, ...parts.map((one) => Buffer.from(one)), end), command])
        const whole = { contents: Buffer.concat(parts).toString('latin1'), behind: command.toString('latin1'), next: 3 + parts.length }
        expect(read([bytes])).toEqual(whole)
        expect(read(cutAt(bytes, places))).toEqual(whole)
        expect(read(bytewise(bytes))).toEqual(whole)
      }),
    )
  })

  test('counts its packets from 255 to 0', () => {
    expect(read([sent(254, Buffer.from('a'), Buffer.from('b')), packet(0, Buffer.from('c')), packet(1, end)], 254)).toEqual({
      ...{ contents: 'abc', behind: '', next: 2 },
    })
  })

  test('an empty packet behind one of the greatest length is no end', () => {
    const big = Buffer.alloc(0xffffff, 65)
    expect(read([packet(2, big), packet(3, end)])).toMatchObject({ behind: undefined })
    expect(read([packet(2, big), packet(3, end), packet(4, end)])).toMatchObject({ behind: '', next: 5 })
  })

  test.each([
    ['a command', packet(0, Buffer.from('\x03drop table t'))],
    ['a packet out of its turn', sent(3, Buffer.from('a'))],
  ])('%s is none of it', (_what, bytes) => expect(read([bytes])).toBe('none'))
})
