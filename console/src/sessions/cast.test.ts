import { describe, expect, test } from 'vitest'
import { readCast } from './cast.ts'

const header = '{"version":2,"width":100,"height":30}'

describe('a recording', () => {
  test('is read with its size, output and length', () => {
    const cast = readCast(`${header}\n[0.5,"o","$ "]\n[1,"i","l"]\n[2.25,"r","80x24"]\n`)
    expect(cast).toEqual({
      cols: 100,
      rows: 30,
      duration: 2.25,
      events: [
        [0.5, 'o', '$ '],
        [2.25, 'r', '80x24'],
      ],
    })
  })

  test('that ends in the middle of a line is read up to there', () =>
    expect(readCast(`${header}\n[0.5,"o","a"]\n[1,"o","b`)?.events).toHaveLength(1))

  test.each(['', 'not json', '{"version":1}', '[]', 'null'])('is none for %j', (text) => expect(readCast(text)).toBeUndefined())

  test.each(['[null,"o","x"]', '[1,"o"]', '[1,"o",7]', '{"a":1}', '[1e999,"o","x"]'])('passes over %s', (line) => {
    expect(readCast(`${header}\n${line}\n[1,"o","a"]`)?.events).toEqual([[1, 'o', 'a']])
  })

  test('with an absurd size falls back to a usual one', () =>
    expect(readCast('{"version":2,"width":1e9,"height":-1}')).toMatchObject({ cols: 80, rows: 24 }))

  test('of a command without a terminal gets whole line ends', () => {
    expect(readCast(`${header}\n[0,"o","a\\nb\\r\\n"]`, true)?.events[0]?.[2]).toBe('a\r\nb\r\n')
  })
})
