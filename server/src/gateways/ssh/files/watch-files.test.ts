import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FileAct } from '../../contract.ts'
import { FileWatch } from './watch-files.ts'

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const uint64 = (value: number) => Buffer.concat([uint32(Math.floor(value / 2 ** 32)), uint32(value % 2 ** 32)])
const string = (value: string | Buffer) => Buffer.concat([uint32(Buffer.byteLength(value)), Buffer.from(value)])
const packet = (type: number, ...fields: Buffer[]) => {
  const body = Buffer.concat([Buffer.from([type]), ...fields])
  return Buffer.concat([uint32(body.length), body])
}
const init = packet(1, uint32(3))
const version = packet(2, uint32(3))
const open = (id: number, path: string, flags: number) => packet(3, uint32(id), string(path), uint32(flags), uint32(0))
const close = (id: number, handle: string) => packet(4, uint32(id), string(handle))
const read = (id: number, handle: string, offset: number) => packet(5, uint32(id), string(handle), uint64(offset), uint32(32768))
const write = (id: number, handle: string, offset: number, data: string) =>
  packet(6, uint32(id), string(handle), uint64(offset), string(data))
const handle = (id: number, value: string) => packet(102, uint32(id), string(value))
const data = (id: number, value: string) => packet(103, uint32(id), string(value))
const status = (id: number, code: number) => packet(101, uint32(id), uint32(code), string('as it is'), string(''))
const extended = (id: number, name: string, ...fields: Buffer[]) => packet(200, uint32(id), string(name), ...fields)

function watching() {
  const told: FileAct[] = []
  const refused: string[] = []
  const watch = new FileWatch({ tell: (act) => told.push(act), refused: (what) => refused.push(what), scrub: (bytes) => bytes })
  watch.fromPerson(init)
  watch.fromTarget(version)
  return { watch, told, refused, ended: () => told.filter(({ outcome }) => outcome !== 'open') }
}

describe('a watched transfer', () => {
  test('is the same to both ends however its bytes are cut', () => {
    const up = [
      open(1, '/a', 1),
      read(2, 'H', 0),
      read(3, 'H', 5),
      close(4, 'H'),
      open(5, '/b', 10),
      write(6, 'I', 0, 'new'),
      close(7, 'I'),
    ]
    const down = [handle(1, 'H'), data(3, ' you'), data(2, 'hello'), status(4, 0), handle(5, 'I'), status(6, 0), status(7, 0)]
    const through = (cut: (bytes: Buffer) => Buffer[]) => {
      const { watch, told } = watching()
      const on: Buffer[] = []
      const shown: Buffer[] = []
      // a request, then its answer, but for the two reads, which are answered in the other order
      for (const [at, request] of up.entries()) {
        for (const piece of cut(request)) on.push(...(watch.fromPerson(piece)?.on ?? []))
        const answers = at === 1 ? [] : at === 2 ? down.slice(1, 3) : [down[at] as Buffer]
        for (const answer of answers) for (const piece of cut(answer)) shown.push(...(watch.fromTarget(piece) ?? []))
      }
      return { on: Buffer.concat(on), shown: Buffer.concat(shown), told }
    }
    const whole = through((bytes) => [bytes])
    expect(whole.on.equals(Buffer.concat(up))).toBe(true)
    expect(whole.shown.equals(Buffer.concat(down))).toBe(true)
    expect(whole.told.filter(({ outcome }) => outcome === 'ok')).toMatchObject([
      { n: 1, op: 'get', path: '/a', bytes: 9 },
      { n: 2, op: 'put', path: '/b', bytes: 3 },
    ])
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (size) => {
        const cut = (bytes: Buffer) =>
          Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
        expect(through(cut)).toEqual(whole)
      }),
    )
  })

  test('is over at anything that is no SFTP, and nothing of it passes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, fromPerson) => {
        const { watch } = watching()
        const garbage = Buffer.from(bytes)
        const passed = fromPerson ? watch.fromPerson(garbage)?.on : watch.fromTarget(garbage)
        // whatever passes is a whole packet: its length says so
        for (const one of passed ?? []) expect(one.readUInt32BE(0)).toBe(one.length - 4)
      }),
      { numRuns: 500 },
    )
  })

  const nonsense: [string, (watch: FileWatch) => unknown][] = [
    ['a packet of no length', (watch) => watch.fromPerson(uint32(0))],
    ['a packet that is too long', (watch) => watch.fromPerson(uint32(256 * 1024 + 1))],
    ['a type that there is not', (watch) => watch.fromPerson(packet(77, uint32(1)))],
    ['a field that reaches beyond its packet', (watch) => watch.fromPerson(packet(13, uint32(1), uint32(500)))],
    ['a path of more than 4096 bytes', (watch) => watch.fromPerson(open(1, 'x'.repeat(4097), 1))],
    ['a second greeting', (watch) => watch.fromPerson(init)],
    ['two requests with one id', (watch) => watch.fromPerson(open(1, '/a', 1)) && watch.fromPerson(open(1, '/b', 1))],
    ['an answer that nobody asked for', (watch) => watch.fromTarget(status(9, 0))],
    ['a second greeting of the target', (watch) => watch.fromTarget(version)],
    [
      'contents that nobody wanted to read',
      (watch) => watch.fromPerson(packet(17, uint32(1), string('/a'))) && watch.fromTarget(data(1, 'x')),
    ],
  ]
  test.each(nonsense)('is over at %s', (_, send) => {
    const { watch } = watching()
    expect(send(watch)).toBeUndefined()
  })

  test('begins with greetings, and in version 3 alone', () => {
    const deps = { tell: () => {}, refused: () => {}, scrub: (bytes: Buffer) => bytes }
    expect(new FileWatch(deps).fromPerson(open(1, '/a', 1))).toBeUndefined()
    const newer = new FileWatch(deps)
    expect(newer.fromPerson(packet(1, uint32(6)))?.on).toEqual([init])
    expect(newer.fromTarget(packet(2, uint32(6)))).toBeUndefined()
  })

  test('offers and carries no extension that it does not know', () => {
    const { watch, refused } = watching()
    const deps = { tell: () => {}, refused: () => {}, scrub: (bytes: Buffer) => bytes }
    const other = new FileWatch(deps)
    other.fromPerson(init)
    const offered = packet(2, uint32(3), string('run-this@example.org'), string('1'), string('limits@openssh.com'), string('1'))
    expect(other.fromTarget(offered)).toEqual([packet(2, uint32(3), string('limits@openssh.com'), string('1'))])
    const passed = watch.fromPerson(extended(1, 'run-this@example.org', string('rm -rf /')))
    expect(passed?.on).toEqual([])
    expect(passed?.back[0]?.subarray(4, 13)).toEqual(Buffer.concat([Buffer.from([101]), uint32(1), uint32(8)]))
    expect(refused).toEqual(['the SFTP extension run-this@example.org'])
  })

  test('reads and writes nothing by a handle that it did not see', () => {
    const { watch } = watching()
    for (const request of [read(1, 'H', 0), write(2, 'H', 0, 'x'), close(3, 'H')]) {
      const passed = watch.fromPerson(request)
      expect(passed?.on).toEqual([])
      expect(passed?.back).toHaveLength(1)
    }
  })

  test('has no hash for contents with a gap, twice written, or of which a part failed', () => {
    const { watch, ended } = watching()
    const put = (id: number, writes: [number, string, number][]) => {
      watch.fromPerson(open(id, `/${id}`, 2))
      watch.fromTarget(handle(id, `H${id}`))
      for (const [offset, text, code] of writes) {
        watch.fromPerson(write(id, `H${id}`, offset, text))
        watch.fromTarget(status(id, code))
      }
      watch.fromPerson(close(id, `H${id}`))
      watch.fromTarget(status(id, 0))
    }
    put(1, [
      [0, 'abc', 0],
      [10, 'later', 0],
    ])
    put(2, [
      [0, 'abc', 0],
      [0, 'xyz', 0],
    ])
    put(3, [
      [0, 'abc', 0],
      [3, 'def', 4],
    ])
    expect(ended()).toMatchObject([
      { path: '/1', bytes: 8, sha256: null, outcome: 'ok' },
      { path: '/2', bytes: 6, sha256: null, outcome: 'ok' },
      { path: '/3', bytes: 6, sha256: null, outcome: 'failed', message: 'as it is' },
    ])
  })

  test('leaves what it was in the middle of as cut, once', () => {
    const { watch, ended } = watching()
    watch.fromPerson(open(1, '/a', 1))
    watch.fromTarget(handle(1, 'H'))
    watch.fromPerson(read(2, 'H', 0))
    watch.fromTarget(data(2, 'half'))
    watch.fromPerson(packet(13, uint32(3), string('/b')))
    watch.cut()
    watch.cut()
    expect(ended()).toMatchObject([
      { op: 'get', path: '/a', bytes: 4, sha256: null, outcome: 'cut' },
      { op: 'remove', path: '/b', outcome: 'cut' },
    ])
  })
})
