import { describe, expect, test } from 'vitest'
import { readSessionRule } from './session-rule.ts'
import { question } from './test/questions.ts'

const head = 'permit (principal in Group::"engineers", action in [Action::"query", Action::"run"], resource)'
const concerns = (text: string, over: Parameters<typeof question>[0] = {}) => readSessionRule(text)?.concerns(question(over))

describe('a permit for acts in sessions', () => {
  test('says what becomes of which acts, and for how long they are held', () => {
    expect(readSessionRule(`@act("ask") @wait("10m") ${head};`)).toMatchObject({
      ...{ actions: ['query', 'run'], act: 'ask', waitSeconds: 600, conditional: false },
    })
    expect(readSessionRule(`@act("ask") ${head};`)).toMatchObject({ waitSeconds: 300 })
    expect(readSessionRule(`@act("alert") ${head};`)).toMatchObject({ act: 'alert', waitSeconds: null })
  })

  test('speaks of those whom its head names, and of no others', () => {
    expect(concerns(`@act("ask") ${head};`)).toBe(true)
    expect(concerns(`@act("ask") ${head};`, { groups: ['auditors'] })).toBe(false)
  })

  test.each([
    ['of the act alone', 'when { context.plain }', true, true],
    ['of the place alone', 'when { resource in Environment::"lab" }', false, false],
    [
      'of both: the place is tried',
      'when { context.hasItsmTicket && resource in Environment::"lab" && context.phase == "session" }',
      true,
      false,
    ],
    ['of both: the place fits', 'when { resource in Environment::"production" && context.hasItsmTicket }', true, true],
    ['of one or the other, which cannot be told apart', 'when { resource in Environment::"lab" || context.hasItsmTicket }', true, true],
    ['of where it says nothing', 'unless { resource in Environment::"production" }', false, false],
    ['of which acts it says nothing', 'unless { context.hasItsmTicket }', true, true],
  ])('with a condition %s', (_what, condition, conditional, fits) => {
    const text = `@act("ask") permit (principal, action == Action::"run", resource) ${condition};`
    expect(readSessionRule(text)).toMatchObject({ conditional })
    expect(concerns(text)).toBe(fits)
  })

  test.each([
    [
      'a permit for access',
      '@approvals("1") @max("1h") @ticket("none") @mfa("session") @reveal("never") permit (principal, action == Action::"connect", resource);',
    ],
    ['a floor', '@floor("Not here, ask an administrator.") forbid (principal, action == Action::"run", resource);'],
    ['what does not parse', 'permit me'],
  ])('%s is none', (_what, text) => {
    expect(readSessionRule(text)).toBeUndefined()
  })
})
