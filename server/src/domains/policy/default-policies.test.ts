import { describe, expect, test } from 'vitest'
import { accountCategories, environments, type Tier } from '../../kernel/tier.ts'
import { approverGroups, loadDefaultPolicies, requiredApproverGroups, usualTerms } from './index.ts'
import { allCollected, defaultPolicies, engineOf, policiesFolder, question } from './test/questions.ts'

const engine = engineOf(defaultPolicies())
const hours = (count: number) => count * 3600

// biome-ignore format: a table is read by its columns
const table = [
  // tier, environment,  approvals, at most, ticket, second factor, approver
  [0, 'production',  2, hours(2), true,  'fresh',   'tier-0'],
  [0, 'staging',     2, hours(2), true,  'fresh',   'tier-0'],
  [0, 'development', 2, hours(2), true,  'fresh',   'tier-0'],
  [0, 'lab',         2, hours(2), true,  'fresh',   'tier-0'],
  [1, 'production',  1, hours(4), false, 'session', 'tier-1'],
  [1, 'staging',     1, hours(4), false, 'session', 'tier-1'],
  [1, 'development', 1, hours(4), false, 'session', 'tier-1'],
  [1, 'lab',         1, hours(4), false, 'session', 'tier-1'],
  [2, 'production',  1, hours(4), false, 'session', 'tier-2-production'],
  [2, 'staging',     0, hours(8), false, 'session', 'tier-2-elsewhere'],
  [2, 'development', 0, hours(8), false, 'session', 'tier-2-elsewhere'],
  [2, 'lab',         0, hours(8), false, 'session', 'tier-2-elsewhere'],
  [3, 'production',  1, hours(8), false, 'session', 'tier-3-production'],
  [3, 'staging',     0, hours(8), false, 'session', 'tier-3-elsewhere'],
  [3, 'development', 0, hours(8), false, 'session', 'tier-3-elsewhere'],
  [3, 'lab',         0, hours(8), false, 'session', 'tier-3-elsewhere'],
] as const

describe('the default policies', () => {
  test.each(table)(
    'tier %i in %s asks for %i approvals and gives %i seconds',
    (tier, environment, approvals, maxSeconds, itsmTicket, mfa, policy) => {
      const decision = engine.decide(question({ tier, environment, context: { hasItsmTicket: true } }))
      expect(decision).toEqual({
        allowed: true,
        obligations: { approvals, maxSeconds, itsmTicket, mfa, reveal: 'never', session: usualTerms, recorded: true },
        because: [policy],
      })
    },
  )

  test.each([1, 2, 3] as const)('health data on tier %i asks for the security team, a ticket and two hours', (tier) => {
    const asked = question({ tier, environment: 'lab', scopes: ['phi'], context: { hasItsmTicket: true } })
    expect(engine.decide(asked)).toMatchObject({
      allowed: true,
      obligations: { approvals: 1, maxSeconds: hours(2), itsmTicket: true },
      because: ['scope-phi'],
    })
    expect(approverGroups(asked)).toEqual(['security'])
    expect(requiredApproverGroups(asked)).toEqual(['security'])
  })

  test('health data on tier 0 keeps what tier 0 asks for', () => {
    const asked = question({ tier: 0, scopes: ['phi'], context: { hasItsmTicket: true } })
    expect(engine.decide(asked)).toMatchObject({ obligations: { approvals: 2, maxSeconds: hours(2), itsmTicket: true, mfa: 'fresh' } })
    expect(requiredApproverGroups(asked)).toEqual(['approvers', 'security'])
  })

  test('never match twice: each question has one permit, so that each row of the table is one file', () => {
    for (const tier of [0, 1, 2, 3] as const)
      for (const environment of environments)
        for (const kind of ['linux-ssh', 'postgres', 'other'])
          for (const scopes of [[], ['phi'], ['phi', 'pci']])
            for (const groups of [['engineers'], ['administrators'], ['engineers', 'administrators', 'security', 'approvers']]) {
              const decision = engine.decide(question({ tier, environment, kind, scopes, groups, context: { hasItsmTicket: true } }))
              expect(decision.allowed).toBe(true)
              expect(decision.because).toHaveLength(1)
            }
  })

  test.each([
    ['the account', 3, 0],
    ['the target', 0, 3],
  ] as const)('count the more critical tier, when it is that of %s', (_whose, tier, accountTier) => {
    const decision = engine.decide(question({ tier, accountTier, context: { hasItsmTicket: true } }))
    expect(decision).toMatchObject({ obligations: { approvals: 2 }, because: ['tier-0'] })
  })

  test.each([
    ['an auditor', ['auditors'], 'policy.forbidden'],
    ['an auditor who is also an engineer', ['auditors', 'engineers'], 'policy.forbidden'],
    ['an auditor who is also an administrator', ['administrators', 'auditors'], 'policy.forbidden'],
    ['an approver who is nothing else', ['approvers'], 'policy.no_permit'],
    ['somebody without a group', [], 'policy.no_permit'],
    ['a group that only looks the same', ['Engineers', 'engineers '], 'policy.no_permit'],
  ])('let %s ask for nothing', (_who, groups, code) => {
    expect(engine.decide(question({ groups, tier: 3, environment: 'lab' }))).toMatchObject({ allowed: false, code, alarm: false })
  })

  test.each(['linux-ssh', 'postgres'])('show no credential of a %s target: its gateway is used', (kind) => {
    for (const groups of [['engineers'], ['administrators', 'security']])
      for (const tier of [0, 1, 2, 3] as const)
        expect(engine.decide(question({ action: 'reveal', kind, groups, tier, context: allCollected })).allowed).toBe(false)
  })

  test.each([
    [0, 'production', 2, hours(1), true, 'reveal-tier-0'],
    [0, 'lab', 2, hours(1), true, 'reveal-tier-0'],
    [1, 'lab', 1, hours(2), false, 'reveal-tier-1'],
    [2, 'production', 1, hours(2), false, 'reveal-standard-production'],
    [3, 'production', 1, hours(2), false, 'reveal-standard-production'],
    [2, 'staging', 0, hours(4), false, 'reveal-standard-elsewhere'],
    [3, 'lab', 0, hours(4), false, 'reveal-standard-elsewhere'],
  ] as const)(
    'show one of a kind without a gateway on tier %i in %s after %i approvals, with a fresh code',
    (tier, environment, approvals, maxSeconds, itsmTicket, policy) => {
      const decision = engine.decide(question({ action: 'reveal', kind: 'other', tier, environment, context: { hasItsmTicket: true } }))
      expect(decision).toEqual({
        allowed: true,
        obligations: { approvals, maxSeconds, itsmTicket, mfa: 'fresh', reveal: 'allowed', session: usualTerms, recorded: true },
        because: [policy],
      })
    },
  )

  test('show health data’s to whom the security team lets, for one hour', () => {
    const asked = question({
      action: 'reveal',
      kind: 'other',
      tier: 3,
      scopes: ['phi'],
      environment: 'lab',
      context: { hasItsmTicket: true },
    })
    expect(engine.decide(asked)).toMatchObject({ obligations: { approvals: 1, maxSeconds: hours(1) }, because: ['reveal-phi'] })
  })

  test('show none to an auditor, and none without all that is demanded', () => {
    for (const tier of [0, 1, 2, 3] as const) {
      const asked = (over: object) =>
        engine.decide(question({ action: 'reveal', kind: 'other', tier, environment: 'lab', context: allCollected, ...over }))
      expect(asked({ groups: ['auditors', 'engineers'] }).allowed).toBe(false)
      expect(asked({ groups: ['approvers', 'security'] }).allowed).toBe(false)
      if (tier < 2) expect(asked({ context: { ...allCollected, approvals: tier === 0 ? 1 : 0 } }).allowed).toBe(false)
      expect(asked({ context: { ...allCollected, mfaAgeSeconds: 901 } }).allowed).toBe(false)
    }
  })

  test.each([
    ['two hours', 0, 7201],
    ['four hours', 1, 14_401],
    ['eight hours', 3, 28_801],
  ] as const)('give no more than %s on tier %i', (_words, tier, seconds) => {
    const asked = (seconds: number) => engine.decide(question({ tier, context: { seconds, hasItsmTicket: true } }))
    expect(asked(seconds)).toMatchObject({ allowed: false, code: 'policy.over_maximum' })
    expect(asked(seconds - 1).allowed).toBe(true)
    expect(asked(20).allowed).toBe(true)
  })

  test('say which ticket is missing, and that there is a way', () => {
    expect(engine.decide(question({ tier: 0 }))).toMatchObject({
      code: 'policy.ticket_required',
      message: 'deploy@web01 needs an ITSM ticket. Ask again and name the ticket.',
    })
  })
})

describe('the default floors, at release', () => {
  test.each([0, 1, 2, 3] as const)('let tier %i through when everything was collected', (tier) => {
    for (const environment of environments)
      expect(engine.decide(question({ tier, environment, scopes: ['phi'], context: allCollected })).allowed).toBe(true)
  })

  test.each<[string, Tier, object]>([
    ['tier 0 with one approval', 0, { approvals: 1 }],
    ['tier 0 without an approval', 0, { approvals: 0 }],
    ['tier 0 without a ticket', 0, { hasItsmTicket: false }],
    ['tier 0 with an old code', 0, { mfaAgeSeconds: 901 }],
    ['tier 0 for longer than two hours', 0, { seconds: 7201 }],
    ['tier 1 without an approval', 1, { approvals: 0 }],
    ['tier 1 for longer than four hours', 1, { seconds: 14_401 }],
    ['production without an approval', 3, { approvals: 0 }],
    ['anything after an approval of one’s own', 3, { approverIsRequester: true }],
    ['anything with yesterday’s second factor', 3, { mfaAgeSeconds: 28_801 }],
    ['anything for longer than eight hours', 3, { seconds: 28_801 }],
  ])('refuse %s', (_what, tier, taken) => {
    const decision = engine.decide(question({ tier, context: { ...allCollected, ...taken } }))
    expect(decision).toMatchObject({ allowed: false, code: 'policy.forbidden', alarm: false })
    expect(decision.because.every((name) => name.startsWith('floor-'))).toBe(true)
    expect('message' in decision && decision.message).toMatch(/^[A-Z].+\.$/)
  })

  test('take a second factor that nobody mentioned for one that was never given', () => {
    const { mfaAgeSeconds: _, ...context } = allCollected
    expect(engine.decide(question({ tier: 3, environment: 'lab', context }))).toMatchObject({ because: ['floor-second-factor'] })
  })

  test('hold for every category of account', () => {
    for (const category of accountCategories) {
      const asked = question({ tier: 0, context: { ...allCollected, approvals: 1 } })
      const resource = { ...asked.resource, account: { ...asked.resource.account, category } }
      expect(engine.decide({ ...asked, resource }).allowed).toBe(false)
    }
  })
})

test('a folder without policies says so instead of permitting nothing in silence', () => {
  expect(loadDefaultPolicies(`${policiesFolder}/nowhere`)).toMatchObject({ ok: false, error: { code: 'policy.folder_unreadable' } })
  expect(loadDefaultPolicies(import.meta.dirname)).toMatchObject({ ok: false, error: { code: 'policy.folder_unreadable' } })
})
