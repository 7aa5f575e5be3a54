import { describe, expect, test } from 'vitest'
import { createPolicyEngine, usualTerms } from './index.ts'
import { allCollected, defaultPolicies, engineOf, question } from './test/questions.ts'

const permit = (name: string, said: string, scope = 'principal, action, resource') => ({
  id: name,
  name,
  text: `${said} permit (${scope});`,
})
const forbid = (name: string, when: string) => ({
  id: name,
  name,
  text: `@floor("Refused by ${name}. Ask somebody.") forbid (principal, action, resource) when { ${when} };`,
})
const open = permit('open', '@approvals("0") @max("8h") @ticket("none") @mfa("session") @reveal("allowed")')
// valid for the schema, and beyond what a Long holds as soon as it is evaluated
const broken = 'context.seconds * 9223372036854775807 > 0'

describe('deciding', () => {
  test('combines all permits that match to the strictest of each obligation', () => {
    const engine = engineOf([
      open,
      permit('people', '@approvals("3") @max("4h") @ticket("none") @mfa("session") @reveal("allowed")'),
      permit('papers', '@approvals("1") @max("30m") @ticket("required") @mfa("session") @reveal("never")'),
      permit('phones', '@approvals("0") @max("8h") @ticket("none") @mfa("fresh") @reveal("allowed")'),
    ])
    expect(engine.decide(question({ context: { seconds: 60, hasItsmTicket: true } }))).toEqual({
      allowed: true,
      obligations: { approvals: 3, maxSeconds: 1800, itsmTicket: true, mfa: 'fresh', reveal: 'never', session: usualTerms, recorded: true },
      because: ['open', 'papers', 'people', 'phones'],
    })
  })

  test('carries sessions as the strictest of the permits that matched says', () => {
    const usual = '@approvals("0") @max("8h") @ticket("none") @mfa("session") @reveal("allowed")'
    const engine = engineOf([
      permit('long', `${usual} @idle("1h") @session("8h") @cut("finish 2m")`),
      permit('short', `${usual} @idle("30m") @session("4h") @cut("finish 30s") @supervised("yes")`),
    ])
    const session = { idleSeconds: 1800, longestSeconds: 4 * 3600, finishSeconds: 30, supervised: true }
    expect(engine.decide(question())).toMatchObject({ obligations: { session } })
    // what a permit does not say is what is usual, and no more
    expect(engineOf([open, permit('long', `${usual} @idle("1h") @cut("finish 2m")`)]).decide(question())).toMatchObject({
      obligations: { session: usualTerms },
    })
  })

  test('permits nothing without a policy', () => {
    expect(engineOf([]).decide(question())).toMatchObject({ allowed: false, code: 'policy.no_permit', because: [] })
  })

  test('denies and alarms when a forbid cannot be evaluated, where Cedar alone would allow', () => {
    const decision = engineOf([open, forbid('broken', broken)]).decide(question())
    expect(decision).toMatchObject({ allowed: false, code: 'policy.error', alarm: true, detail: expect.stringContaining('overflow') })
    expect('message' in decision && decision.message).not.toContain('overflow')
  })

  test('denies and alarms when a permit cannot be evaluated, even if another one matches', () => {
    const bad = { ...open, id: 'bad', name: 'bad', text: open.text.replace(/;$/, ` when { ${broken} };`) }
    expect(engineOf([open, bad]).decide(question())).toMatchObject({ allowed: false, code: 'policy.error', alarm: true })
  })

  test.each([
    ['a tier that does not exist', { tier: 7 }],
    ['no tier', { tier: Number.NaN }],
    ['an environment that does not exist', { environment: 'moon' }],
  ])('denies and alarms over a row with %s', (_what, wrong) => {
    expect(engineOf([open]).decide(question(wrong as never))).toMatchObject({ allowed: false, code: 'policy.error', alarm: true })
  })

  test.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('gives no window of %d seconds', (seconds) => {
    expect(engineOf([open]).decide(question({ tier: 3, context: { seconds } })).allowed).toBe(false)
  })

  test('asks two people for tier 0 even where no policy does', () => {
    const engine = engineOf([open])
    expect(engine.decide(question({ tier: 0 }))).toMatchObject({ allowed: true, obligations: { approvals: 2 } })
    const release = (approvals: number) => engine.decide(question({ tier: 0, context: { ...allCollected, approvals } }))
    expect(release(1)).toMatchObject({ allowed: false, code: 'policy.forbidden' })
    expect(release(2).allowed).toBe(true)
  })

  test('checks at release again what the permit demanded, without any floor', () => {
    const strict = permit('strict', '@approvals("1") @max("1h") @ticket("required") @mfa("fresh") @reveal("never")')
    const engine = engineOf([strict])
    const release = (changed: object) => engine.decide(question({ context: { ...allCollected, ...changed } }))
    expect(release({}).allowed).toBe(true)
    for (const taken of [{ approvals: 0 }, { approverIsRequester: true }, { mfaAgeSeconds: 901 }, { mfaAgeSeconds: undefined }])
      expect(release(taken)).toMatchObject({ allowed: false, code: 'policy.forbidden' })
    expect(release({ seconds: 3601 })).toMatchObject({ code: 'policy.over_maximum' })
    expect(release({ hasItsmTicket: false })).toMatchObject({ code: 'policy.ticket_required' })
    expect(engine.decide(question({ action: 'reveal', context: allCollected }))).toMatchObject({ code: 'policy.forbidden' })
  })

  test('lets each forbid see every parent of the question: none can vanish for want of an entity', () => {
    const asked = question({ tier: 3, accountTier: 1, environment: 'lab', kind: 'postgres', scopes: ['phi', 'pci'], groups: ['a', 'b'] })
    for (const where of [
      'principal in Group::"a"',
      'principal in Group::"b"',
      'principal == Person::"per_aaaaaaaaaa"',
      'resource in Tier::"1"',
      'resource in Environment::"lab"',
      'resource in Kind::"postgres"',
      'resource in Scope::"phi"',
      'resource in Scope::"pci"',
      'resource in Target::"tgt_aaaaaaaaaa"',
      'resource == Account::"acc_aaaaaaaaaa"',
      'resource.tier == 1',
      'resource.privileges.contains("sudo")',
    ])
      expect(engineOf([open, forbid('one', where)]).decide(asked), where).toMatchObject({ code: 'policy.forbidden', because: ['one'] })
    expect(engineOf([open, forbid('one', 'resource in Tier::"3"')]).decide(asked).allowed).toBe(true)
  })

  test('says every floor that was hit, each once', () => {
    const engine = engineOf([
      open,
      forbid('one', 'context.seconds > 1'),
      forbid('two', 'context.seconds > 2'),
      forbid('far', 'context.seconds > 9999'),
    ])
    expect(engine.decide(question())).toMatchObject({
      because: ['one', 'two'],
      message: 'Refused by one. Ask somebody. Refused by two. Ask somebody.',
    })
  })

  test('keeps engines apart: a newer set changes nothing for an older one', () => {
    const older = engineOf([open])
    const newer = engineOf([{ ...forbid('open', 'true'), id: 'open' }])
    expect(older.decide(question()).allowed).toBe(true)
    expect(newer.decide(question()).allowed).toBe(false)
  })

  test('names what it was made of', () => {
    const engine = createPolicyEngine(defaultPolicies())
    expect(engine.ok && engine.value.policies.find((p) => p.name === 'tier-0')).toEqual({ id: 'tier-0', name: 'tier-0', effect: 'permit' })
  })
})
