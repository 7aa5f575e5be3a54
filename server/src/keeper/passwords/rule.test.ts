import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CharacterClass } from '../../kernel/password-rules.ts'
import { targetKinds } from '../../targets/registry.ts'
import { characterClasses } from './alphabet.ts'
import { bitsOf } from './entropy.ts'
import { exceptionFloor, type PasswordLimits, type PasswordPolicy, passwordFloor, ruleFor } from './rule.ts'

const router = { tier: 1, kind: 'linux-ssh', target: 'tgt_router0001' }
const policy = (over: Partial<PasswordPolicy> = {}): PasswordPolicy => ({
  ...{ id: 'pwp_aaaaaaaaaa', tier: null, kind: null, target: null, length: 24 },
  ...{ classes: ['lower', 'upper', 'digit'], excluded: '', exception: null },
  ...over,
})
const exception = (over: Partial<PasswordPolicy> = {}) =>
  policy({ id: 'pwp_eeeeeeeeee', target: router.target, length: 16, exception: 'it cuts at 16', ...over })
const sixteen = { maxLength: 16 }
const made = (policies: PasswordPolicy[], limits?: PasswordLimits, account = router) => {
  const rule = ruleFor(policies, account, limits)
  if (!rule.ok) throw new Error(rule.error.message)
  return rule.value
}
const belowFloor = { ok: false, error: { code: 'password.below_floor' } }

describe('what a password has to be', () => {
  test('is 28 characters of four sorts where no policy says anything', () => {
    expect(made([])).toMatchObject({ length: 28, classes: characterClasses, policies: [], exception: null })
    expect(Math.floor(made([]).bits)).toBe(166)
  })

  test('is the strictest of all policies that fit, and of no other', () => {
    const long = policy({ id: 'pwp_bbbbbbbbbb', tier: 1, length: 40 })
    const signs = policy({ id: 'pwp_cccccccccc', kind: 'linux-ssh', classes: ['lower', 'digit', 'symbol'], excluded: '~' })
    const elsewhere = policy({ id: 'pwp_dddddddddd', tier: 0, length: 99, excluded: 'abc' })
    expect(made([long, signs, elsewhere])).toMatchObject({
      ...{ length: 40, classes: ['lower', 'upper', 'digit', 'symbol'], excluded: '~' },
      policies: [long.id, signs.id],
    })
  })

  test('leaves out what the target cannot take, and has what it asks for', () => {
    const limits = { maxLength: 512, excluded: `+-'"`, classes: { atLeast: 4, of: characterClasses } }
    const rule = made([policy({ length: 24, classes: ['lower', 'upper', 'digit'] })], limits)
    expect(rule.alphabet.join('')).not.toMatch(/[+\-'"]/)
    expect(rule.classes).toEqual(characterClasses)
  })

  test('is refused, with what to do, where the target takes less than the floor', () => {
    const refused = ruleFor([], router, sixteen)
    expect(refused).toMatchObject(belowFloor)
    expect(refused.ok ? '' : refused.error.message).toContain('claviger passwords policy add NAME --target TARGET --exception')
  })

  test('is what an exception says for its target, and for no other', () => {
    expect(made([exception(), policy({ length: 40 })], sixteen)).toMatchObject({ length: 16, exception: 'it cuts at 16' })
    expect(ruleFor([exception()], { ...router, target: 'tgt_router0002' }, sixteen)).toMatchObject(belowFloor)
  })

  test('is the longer of two exceptions', () => {
    expect(made([exception({ length: 12 }), exception({ length: 16 })])).toMatchObject({ length: 16 })
  })

  test('fits every kind of target that there is', () => {
    for (const kind of targetKinds)
      expect([kind.name, ruleFor([], { ...router, kind: kind.name }, kind.passwordRules).ok]).toEqual([kind.name, true])
  })

  const classes = fc.uniqueArray(fc.constantFrom<CharacterClass>(...(characterClasses as [CharacterClass])), { maxLength: 4 })
  const anyPolicy = fc.record({
    ...{
      id: fc.constant('pwp_aaaaaaaaaa'),
      tier: fc.option(fc.constantFrom(0, 1)),
      kind: fc.option(fc.constantFrom('linux-ssh', 'redis')),
    },
    ...{ target: fc.option(fc.constantFrom(router.target, 'tgt_elsewhere0')), length: fc.integer({ min: -5, max: 300 }), classes },
    ...{ excluded: fc.string({ maxLength: 70 }), exception: fc.option(fc.constant('why'), { freq: 2 }) },
  })
  const anyLimits = fc.option(
    fc.record({
      ...{ maxLength: fc.integer({ min: 1, max: 600 }), minLength: fc.option(fc.integer({ min: 0, max: 128 }), { nil: undefined }) },
      excluded: fc.string({ maxLength: 70 }),
      classes: fc.option(fc.record({ atLeast: fc.integer({ min: 1, max: 4 }), of: classes }), { nil: undefined }),
    }),
    { nil: undefined },
  )

  test('is never below the floor, whatever policies say and whatever the api process says of the target', () => {
    fc.assert(
      fc.property(fc.array(anyPolicy, { maxLength: 5 }), anyLimits, (policies, limits) => {
        const rule = ruleFor(policies, router, limits)
        if (!rule.ok) return
        const floor = rule.value.exception === null ? passwordFloor : exceptionFloor
        expect(rule.value.length).toBeGreaterThanOrEqual(floor.length)
        expect(rule.value.bits).toBeGreaterThanOrEqual(floor.bits)
        expect(rule.value.length).toBeLessThanOrEqual(limits?.maxLength ?? 600)
        if (!policies.some((p) => p.exception !== null && p.target === router.target)) expect(rule.value.exception).toBeNull()
      }),
      { numRuns: 2_000 },
    )
  })

  test('never gets less by another policy, where no exception is made', () => {
    const ordinary = anyPolicy.map((p) => ({ ...p, exception: null, excluded: '' }))
    fc.assert(
      fc.property(fc.array(ordinary, { minLength: 1, maxLength: 4 }), ordinary, (policies, another) => {
        const [before, after] = [ruleFor(policies, router, undefined), ruleFor([...policies, another], router, undefined)]
        if (!before.ok || !after.ok || before.value.policies.length === 0) return
        expect(after.value.length).toBeGreaterThanOrEqual(before.value.length)
        expect(after.value.classes).toEqual(expect.arrayContaining([...before.value.classes]))
      }),
    )
  })
})

describe('bits by construction', () => {
  test('count exactly the passwords that a small rule allows', () => {
    let count = 0
    const all = 'ab12'
    for (let n = 0; n < 4 ** 5; n++) {
      const text = Array.from({ length: 5 }, (_, i) => all[Math.floor(n / 4 ** i) % 4]).join('')
      if (/[ab]/.test(text) && /[12]/.test(text)) count += 1
    }
    expect(bitsOf(5, ['ab', '12'])).toBeCloseTo(Math.log2(count), 10)
  })

  test('are of a long password as many as the logarithm says', () => {
    expect(bitsOf(28, ['a'.repeat(24), 'b'.repeat(24), 'c'.repeat(8), 'd'.repeat(6)])).toBeCloseTo(28 * Math.log2(62), 0)
    expect(bitsOf(128, ['abcdefgh'])).toBeCloseTo(128 * 3, 6)
  })
})
