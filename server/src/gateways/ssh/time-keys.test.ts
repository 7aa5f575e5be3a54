import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { PersonInput } from './person-input.ts'
import { timeKeys } from './time-keys.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function keyboard() {
  let type: (bytes: Buffer) => void = () => {}
  const input: PersonInput = {
    onInterrupt: () => {},
    start: (onData) => {
      type = onData
    },
    hold: () => {},
    release: () => {},
  }
  let pressed = 0
  let passed = ''
  const keys = timeKeys(input, () => pressed++)
  keys.input.start(
    (bytes) => {
      passed += bytes.toString('latin1')
    },
    () => {},
  )
  return { keys, type: (text: string) => type(Buffer.from(text, 'latin1')), passed: () => passed, pressed: () => pressed }
}

test('before a warning everything passes as it was typed', () => {
  const { type, passed, pressed } = keyboard()
  type('ls\r\x1dr')
  expect([passed(), pressed()]).toEqual(['ls\r\x1dr', 0])
})

test.each([['\x1dr'], ['\x1dR'], ['\x1d|r']])('after a warning the two keys ask for time and do not pass: %j', (typed) => {
  const { keys, type, passed, pressed } = keyboard()
  keys.arm()
  type('before ')
  for (const piece of typed.split('|')) type(piece)
  type('after')
  expect([passed(), pressed()]).toEqual(['before after', 1])
})

test('the first key with another one behind it is for the target, in its order', () => {
  const { keys, type, passed, pressed } = keyboard()
  keys.arm()
  type('a\x1dxb\x1d')
  type('yc\x1d\x1dr')
  expect([passed(), pressed()]).toEqual(['a\x1dxb\x1dyc\x1d', 1])
})

test('the first key alone is for the target a moment later', () => {
  const { keys, type, passed } = keyboard()
  keys.arm()
  type('\x1d')
  expect(passed()).toBe('')
  vi.advanceTimersByTime(1_000)
  expect(passed()).toBe('\x1d')
  type('r')
  expect(passed()).toBe('\x1dr')
})

test('a line for us reaches nobody else, and what follows it passes', async () => {
  const { keys, type, passed } = keyboard()
  const line = keys.line()
  type('12')
  type('99\x7f\x7f3456\rls\r')
  expect(await line).toBe('123456')
  expect(passed()).toBe('ls\r')
})

test('a line is given up with Ctrl-C', async () => {
  const { keys, type, passed } = keyboard()
  const line = keys.line()
  type('12\x03')
  expect(await line).toBe('')
  type('x')
  expect(passed()).toBe('x')
})
