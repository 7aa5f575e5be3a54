import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { InputProof } from './proven-input.ts'
import { TypedInput } from './typed-input.ts'

const plain = (bytes: Uint8Array) => bytes

function typing() {
  const proven: string[] = []
  const unproven: string[] = []
  const failed: unknown[] = []
  const typed = new TypedInput({
    sink: {
      proven: ({ bytes }) => void proven.push(Buffer.from(bytes).toString()),
      unproven: (bytes) => void unproven.push(Buffer.from(bytes).toString()),
    },
    columns: 80,
    rows: 24,
    failed: (error) => void failed.push(error),
  })
  return { typed, proven, unproven, failed }
}

test('a key and its echo pass first, and are looked at within the same turn', async () => {
  const { typed, proven } = typing()
  typed.output(Buffer.from('$ '))
  typed.input(Buffer.from('ls\r'), 1)
  typed.output(Buffer.from('ls\r\n'))
  expect(proven).toEqual([])
  await nextTurn()
  expect(proven).toEqual(['ls\r'])
})

test('memory that is used again meanwhile changes nothing', async () => {
  const { typed, proven } = typing()
  const memory = Buffer.from('$ ')
  typed.output(memory)
  for (const [direction, text] of [
    ['input', 'i'],
    ['output', 'i'],
    ['input', 'd'],
    ['output', 'd'],
    ['input', '\r'],
  ] as const) {
    memory.write(text)
    if (direction === 'input') typed.input(memory.subarray(0, 1), 1)
    else typed.output(memory.subarray(0, 1))
    memory.fill(0)
  }
  typed.output(Buffer.from('\r\n'))
  typed.catchUp()
  expect(proven).toEqual(['id\r'])
})

test('a long piece is looked at at once, behind what waits', () => {
  const { typed, proven } = typing()
  typed.output(Buffer.from('$ '))
  typed.input(Buffer.from('cat all\r'), 1)
  typed.output(Buffer.from(`cat all\r\n${'a'.repeat(5000)}`))
  expect(proven).toEqual(['cat all\r'])
})

test('what is not decided is given once, with its place, also when it was typed in this turn', () => {
  const { typed } = typing()
  typed.output(Buffer.from('$ '))
  typed.input(Buffer.from('who'), 1)
  expect(typed.undecided(plain)).toEqual({ position: 0, bytes: Buffer.from('who') })
  typed.input(Buffer.from('ami'), 2)
  expect(typed.undecided(plain)).toEqual({ position: 3, bytes: Buffer.from('ami') })
  expect(typed.undecided(plain)).toBeUndefined()
})

test('what is typed last is decided at the end', () => {
  const { typed, unproven } = typing()
  typed.input(Buffer.from('hunter2'), 1)
  typed.end()
  expect(unproven.join('')).toBe('hunter2')
})

test('a key that nobody could look at is kept as typed unseen, and said', async () => {
  const { typed, unproven, failed } = typing()
  const broken = new Error('broken')
  const input = vi.spyOn(InputProof.prototype, 'input').mockImplementation(() => {
    throw broken
  })
  typed.input(Buffer.from('x'), 1)
  await nextTurn()
  input.mockRestore()
  expect(unproven).toEqual(['x'])
  expect(failed).toEqual([broken])
})
