import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { everySteps, howToSignIn, methodsFor, nextSteps, readSteps, type Step, type Steps } from './steps.ts'

describe('the setting', () => {
  test.each([
    ['key+code,certificate', ['key+code', 'certificate']],
    [' password+code , key+code ', ['password+code', 'key+code']],
    ['key+password+code', ['key+password+code']],
    ['certificate,certificate', ['certificate']],
    ['key+link,certificate', ['key+link', 'certificate']],
  ])('"%s" is read', (text, steps) => expect(readSteps(text)).toEqual({ ok: true, value: steps }))

  test.each(['', 'key', 'password', 'code', 'code+key', 'key+code,', 'KEY+CODE', 'password+code;certificate', 'toString', '__proto__'])(
    '"%s" is refused with what may stand there',
    (text) => expect(readSteps(text)).toMatchObject({ ok: false, error: expect.stringContaining('key+code, certificate, password+code') }),
  )

  test.each(['key+code,key+password+code', 'key+password+code,certificate,password+code', 'link,key+link', 'key+code,password+link,link'])(
    '"%s" is refused: the longer one would ask nobody for anything',
    (text) => expect(readSteps(text)).toMatchObject({ ok: false, error: expect.stringContaining('leave one of them out') }),
  )
})

const acceptable = everySteps
  .flatMap((one) => [[one], ...everySteps.map((other) => [one, other])])
  .filter((steps) => readSteps(steps.join(',')).ok)

test('nobody comes in without a code, a certificate or a link, and nobody in another order', () => {
  const anySteps = fc.constantFrom<Step>('key', 'certificate', 'password', 'code', 'link')
  fc.assert(
    fc.property(fc.constantFrom(...acceptable), fc.array(anySteps, { maxLength: 6 }), (accepted, shown) => {
      const done: Step[] = []
      for (const step of shown) if (nextSteps(accepted, done).has(step)) done.push(step)
      const isIn = done.length > 0 && nextSteps(accepted, done).size === 0
      if (isIn) expect(accepted).toContain(done.join('+'))
    }),
  )
})

test('what is typed next is one thing: a prompt is never for either of two', () => {
  for (const accepted of acceptable)
    for (const done of [[], ['key'], ['password'], ['key', 'password']] as Step[][]) {
      const next = nextSteps(accepted, done)
      expect([accepted, done, next.has('password') && next.has('code')]).toEqual([accepted, done, false])
    }
})

test.each<[Steps[], Step[], readonly string[]]>([
  [['key+code', 'certificate'], [], ['publickey']],
  [['key+code', 'certificate'], ['key'], ['keyboard-interactive']],
  [['password+code'], [], ['keyboard-interactive', 'password']],
  [['password+code'], ['password'], ['keyboard-interactive']],
  [['key+code', 'password+code'], [], ['publickey', 'keyboard-interactive', 'password']],
  [['key+password+code'], [], ['publickey']],
  [['key+password+code'], ['key'], ['keyboard-interactive', 'password']],
  [['link'], [], ['keyboard-interactive']],
  [['key+code', 'link'], [], ['publickey', 'keyboard-interactive']],
  [['key+link', 'password+link'], ['key'], ['keyboard-interactive']],
])('%j after %j: %j', (accepted, done, methods) => expect(methodsFor(nextSteps(accepted, done))).toEqual(methods))

test('how to sign in is said of what is accepted alone', () => {
  expect(howToSignIn(['certificate', 'password+code'])).toBe('Sign in with claviger login, or with your password and a code.')
})
