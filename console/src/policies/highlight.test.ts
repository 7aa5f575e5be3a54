import { expect, test } from 'vitest'
import { highlighted } from './highlight.ts'

test('a policy keeps every character, and its parts are told apart', () => {
  const source = '// why\n@max("2h") permit (principal in Group::"a\\"b", action, resource) unless { 1 / 2 };'
  const pieces = highlighted(source)
  expect(pieces.map((p) => p.text).join('')).toBe(source)
  expect(pieces.filter((p) => p.kind !== 'plain').map((p) => `${p.kind} ${p.text}`)).toEqual([
    'comment // why',
    'annotation @max',
    'string "2h"',
    'word permit',
    'word principal',
    'word in',
    'string "a\\"b"',
    'word action',
    'word resource',
    'word unless',
  ])
})
