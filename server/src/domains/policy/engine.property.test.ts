import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { environments, type Tier } from '../../kernel/tier.ts'
import type { Obligations, PolicyQuestion } from './index.ts'
import { defaultPolicies, engineOf, question } from './test/questions.ts'

const defaults = engineOf(defaultPolicies())

const tier = fc.constantFrom<Tier[]>(0, 1, 2, 3)
const anyQuestion: fc.Arbitrary<PolicyQuestion> = fc
  .record({
    groups: fc.subarray(['engineers', 'approvers', 'security', 'auditors', 'administrators']),
    action: fc.constantFrom('connect' as const, 'reveal' as const),
    tier,
    accountTier: tier,
    environment: fc.constantFrom(...environments),
    kind: fc.constantFrom('linux-ssh', 'postgres', 'other'),
    scopes: fc.subarray(['phi', 'pci']),
    context: fc.record(
      {
        phase: fc.constantFrom('request' as const, 'release' as const),
        seconds: fc.constantFrom(1, 20, 3600, 7200, 7201, 14_400, 14_401, 28_800, 28_801, 10 ** 9),
        hasItsmTicket: fc.boolean(),
        approvals: fc.integer({ min: 0, max: 3 }),
        approverIsRequester: fc.boolean(),
        mfaAgeSeconds: fc.constantFrom(0, 900, 901, 28_800, 28_801, 2 ** 40),
      },
      { requiredKeys: ['phase', 'seconds', 'hasItsmTicket'] },
    ),
  })
  .map(question)

const anyPermit = fc
  .record({
    approvals: fc.integer({ min: 0, max: 9 }),
    max: fc.constantFrom('1s', '30m', '2h', '8h'),
    ticket: fc.constantFrom('required', 'none'),
    mfa: fc.constantFrom('fresh', 'session'),
    reveal: fc.constantFrom('never', 'allowed'),
    session: fc.constantFrom(
      '',
      '@idle("1h")',
      '@idle("1m")',
      '@session("1h")',
      '@cut("finish 1m")',
      '@supervised("yes")',
      '@sessions("3")',
      '@sessions("9")',
    ),
    who: fc.constantFrom('principal', 'principal in Group::"engineers"', 'principal in Group::"auditors"'),
    what: fc.constantFrom('resource', 'resource in Tier::"0"', 'resource in Environment::"production"', 'resource in Kind::"postgres"'),
  })
  .map(({ approvals, max, ticket, mfa, reveal, session, who, what }) => ({
    id: 'added',
    name: 'added',
    text: `@approvals("${approvals}") @max("${max}") @ticket("${ticket}") @mfa("${mfa}") @reveal("${reveal}") ${session} permit (${who}, action, ${what});`,
  }))

const atLeast = (now: Obligations, before: Obligations): boolean =>
  now.approvals >= before.approvals &&
  now.maxSeconds <= before.maxSeconds &&
  (now.itsmTicket || !before.itsmTicket) &&
  (now.mfa === 'fresh' || before.mfa === 'session') &&
  (now.reveal === 'never' || before.reveal === 'allowed') &&
  now.session.idleSeconds <= before.session.idleSeconds &&
  now.session.longestSeconds <= before.session.longestSeconds &&
  now.session.finishSeconds <= before.session.finishSeconds &&
  (now.session.supervised || !before.session.supervised) &&
  (now.session.sessions ?? Infinity) <= (before.session.sessions ?? Infinity)

describe('whatever permit is added', () => {
  test('a floor that refused still refuses', () => {
    fc.assert(
      fc.property(anyQuestion, anyPermit, (asked, added) => {
        const before = defaults.decide(asked)
        fc.pre(!before.allowed && before.code === 'policy.forbidden' && before.because.some((name) => name.startsWith('floor-')))
        expect(engineOf([...defaultPolicies(), added]).decide(asked)).toMatchObject({ allowed: false, code: 'policy.forbidden' })
      }),
      { numRuns: 60 },
    )
  })

  test('what was demanded is still demanded', () => {
    fc.assert(
      fc.property(anyQuestion, anyPermit, (asked, added) => {
        const before = defaults.decide(asked)
        fc.pre(before.allowed)
        const now = engineOf([...defaultPolicies(), added]).decide(asked)
        if (before.allowed && now.allowed) expect(atLeast(now.obligations, before.obligations)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('tier 0 is released to nobody with fewer than two approvals, and nobody approves for themselves', () => {
    fc.assert(
      fc.property(anyQuestion, anyPermit, (asked, added) => {
        const decision = engineOf([added]).decide(asked)
        const { approvals = 0, approverIsRequester = false, phase } = asked.context
        const tier0 = Math.min(asked.resource.account.tier, asked.resource.target.tier) === 0
        if (decision.allowed && tier0) expect(decision.obligations.approvals).toBeGreaterThanOrEqual(2)
        if (phase === 'release' && tier0 && approvals < 2) expect(decision.allowed).toBe(false)
        if (approverIsRequester) expect(decision.allowed).toBe(false)
      }),
      { numRuns: 100 },
    )
  })
})

test('whatever is asked, a forbid that cannot be evaluated makes the answer no', () => {
  const broken = {
    id: 'broken',
    name: 'broken',
    text: '@floor("Not like this. Ask somebody.") forbid (principal, action, resource) when { context.seconds * 9223372036854775807 + 9223372036854775807 > 0 };',
  }
  const engine = engineOf([...defaultPolicies(), broken])
  fc.assert(
    fc.property(anyQuestion, (asked) => {
      expect(engine.decide(asked)).toMatchObject({ allowed: false, code: 'policy.error', alarm: true })
    }),
    { numRuns: 100 },
  )
})

test('whatever is asked, a refusal is one or more sentences and an allowance names its policies', () => {
  fc.assert(
    fc.property(anyQuestion, (asked) => {
      const decision = defaults.decide(asked)
      if (decision.allowed) expect(decision.because.length).toBeGreaterThan(0)
      else expect(decision.message).toMatch(/^\S.{20,}\.$/)
    }),
    { numRuns: 200 },
  )
})
