import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ok } from '../../../kernel/result.ts'
import { ContentsReader, okBody, packet } from '../../../protocols/mysql/index.ts'
import type { FileAct } from '../../contract.ts'
import { LocalFiles } from './local-files.ts'

const named = { name: '/a', path: '/a', passes: { until: null }, judge: async () => ok({ until: null }) }
const begun = (acts: FileAct[] = []) => {
  const files = new LocalFiles((act) => void acts.push(act), { judge: named.judge, sends: true, client: 'sends' })
  files.expected({ kind: 'results', cursor: false }, named)
  files.begin()
  files.shown(packet(1, Buffer.from('\xfb/a', 'latin1')), true)
  return files
}
/** As a client sends it, in packets of its own. */
const sent = (...contents: Buffer[]) => Buffer.concat([...contents, Buffer.alloc(0)].map((one, i) => packet(2 + i, one)))

describe('a file that a client sends', () => {
  test.each([7, 4_095, 16_384, 16_388, 65_536])('comes to the target whole, in packets that are ours, cut at each %d bytes', (step) => {
    for (const sizes of [[], [1], [23_940, 400, 3], [24_000, 16_384, 24_000, 1, 5, 24_000]]) {
      const acts: FileAct[] = []
      const files = begun(acts)
      const packets = sizes.map((size, n) => Buffer.alloc(size, `${n}contents`))
      const bytes = sent(...packets)
      const reader = new ContentsReader(2)
      const came: Buffer[] = []
      let ends = 0
      for (let at = 0; at < bytes.length; at += step) {
        const read = reader.read(files.take(bytes.subarray(at, at + step))?.out ?? Buffer.alloc(0))
        came.push(...(read?.pieces ?? []))
        if (read?.behind) ends += 1
      }
      files.answered({ affected: 0, rows: 0, bytes: 0 })
      const whole = Buffer.concat(packets)
      expect([Buffer.concat(came).equals(whole), ends, files.sending]).toEqual([true, 1, false])
      // what follows a packet that is too long, a server takes for a command
      expect(Math.max(0, ...came.map((piece) => piece.length))).toBeLessThanOrEqual(16_384)
      expect(acts.at(-1)).toMatchObject({ outcome: 'ok', bytes: whole.length, sha256: createHash('sha256').update(whole).digest('hex') })
    }
  })

  test('is answered under the number that the client counts to, though the target counted other packets', () => {
    const files = begun()
    // three packets of the client, and four of ours
    const { out, behind } = files.take(sent(Buffer.alloc(30_000), Buffer.from('x'))) ?? {}
    expect([out?.[out.length - 1], behind?.length]).toEqual([5, 0])
    const answer = packet(6, okBody(2, 'Records: 1'))
    expect(files.shown(answer.subarray(0, 9), false)).toHaveLength(0)
    expect(files.shown(answer.subarray(9), true)).toEqual(packet(5, okBody(2, 'Records: 1')))
    // and what comes later passes as it is
    expect([files.holds, files.nextSequence]).toEqual([false, undefined])
  })
})

test('what was said of a file is held until all of it is there', () => {
  const files = new LocalFiles(() => {}, { judge: named.judge, sends: true, client: 'sends' })
  files.expected({ kind: 'results', cursor: false }, named)
  const request = packet(1, Buffer.from('\xfb/a', 'latin1'))
  for (const byte of request.subarray(0, -1)) expect(files.shown(Buffer.from([byte]), false)).toHaveLength(0)
  files.begin()
  expect(files.shown(request.subarray(-1), true)).toEqual(request)
})
