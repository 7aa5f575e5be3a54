import { constants } from 'node:buffer'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { escrowLine } from '../../keeper/vault/escrow.ts'
import { joinEscrows } from './join-escrows.ts'

const folder = mkdtempSync(join(tmpdir(), 'claviger-escrows-'))
afterAll(() => rmSync(folder, { recursive: true }))

const line = (version: number) =>
  escrowLine(
    {
      ...{ owner_kind: 'account', owner_id: 'acc_1', what: 'password', version, location: 'standard' },
      ...{ wrapped_key: Buffer.from('key'), ciphertext: Buffer.from('é'.repeat(version)), public: null, rotation_id: null },
    },
    `2026-01-0${version}T00:00:00.000Z`,
  )
let made = 0
const file = (text: string) => {
  const path = join(folder, `${++made}`)
  writeFileSync(path, text)
  return path
}
const joined = (paths: string[], bounds?: Parameters<typeof joinEscrows>[2]) => {
  const to = join(folder, `${++made}`)
  joinEscrows(paths, to, bounds)
  return readFileSync(to, 'utf8')
}
const text = (...lines: string[]) => lines.map((each) => `${each}\n`).join('')

describe('escrows that are joined', () => {
  test.each([1, 7, 64, 4096])('give each line once, the oldest first, read by %i bytes at a time', (chunk) => {
    const paths = [file(`\n${line(3)}\n\n${line(1)}\n`), file(`\n${line(2)}\n\n${line(3)}\n`)]
    expect(joined(paths, { chunk, longestLine: 4096 })).toBe(text(line(1), line(2), line(3)))
  })

  test('keep what was cut off on a line of its own, where no other line is harmed by it', () => {
    const cut = line(2).slice(0, 40)
    expect(joined([file(`${line(1)}\n${cut}`), file(`${line(2)}\n`)])).toBe(text(cut, line(1), line(2)))
  })

  test('pass over a line that none of ours can be, and keep those around it', () => {
    const paths = [file(text(line(1), 'x'.repeat(2000), line(2)))]
    expect(joined(paths, { chunk: 100, longestLine: 1000 })).toBe(text(line(1), line(2)))
  })

  test('may be longer than the longest string', () => {
    const path = file(text(line(1)))
    truncateSync(path, constants.MAX_STRING_LENGTH + 1000)
    appendFileSync(path, `\n${text(line(2))}`)
    expect(joined([path])).toBe(text(line(1), line(2)))
  })

  test('that are empty give an empty one', () => expect(joined([file(''), file('\n\n')])).toBe(''))
})
