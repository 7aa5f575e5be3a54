import { expect, test } from 'vitest'
import { mayPass, readSize, readTerminal } from './terminal.ts'

const info = { term: 'xterm-256color', cols: 120, rows: 40, width: 0, height: 0, modes: { ECHO: 1 } } as const

test('name and size of a terminal are taken over', () => {
  expect(readTerminal(info)).toEqual({ name: 'xterm-256color', columns: 120, rows: 40, modes: { ECHO: 1 } })
})

test.each([[''], ['x'.repeat(65)], ['../../etc/passwd'], ['xterm\u001b[0m'], ['a b']])('a terminal named %j is a dumb one', (term) => {
  expect(readTerminal({ ...info, term }).name).toBe('dumb')
})

test.each([
  [0, 0, 80, 24],
  [2 ** 32 - 1, 2 ** 32 - 1, 2000, 2000],
  [1, 1, 1, 1],
])('a size of %i by %i becomes %i by %i', (cols, rows, columns, lines) => {
  expect(readSize({ cols, rows })).toEqual({ columns, rows: lines })
})

test.each([
  ['LANG', 'de_DE.UTF-8', true],
  ['LC_ALL', 'C', true],
  ['TERM', 'xterm', true],
  ['PATH', '/tmp', false],
  ['LD_PRELOAD', 'x.so', false],
  ['LC_', 'C', false],
  ['LC_ALL_OF_IT', 'C', false],
  ['LANG', '$(reboot)', false],
  ['LANG', 'x\ny', false],
  ['LANG', 'x'.repeat(129), false],
  ['BASH_ENV', '/tmp/x', false],
])('of variables, %s=%j passes: %s', (name, value, passes) => {
  expect(mayPass(name, value)).toBe(passes)
})
