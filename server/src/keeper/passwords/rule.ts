import type { CharacterClass, PasswordRules } from '../../kernel/password-rules.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import { refuse } from '../refuse.ts'
import { alphabetOf, characterClasses } from './alphabet.ts'
import { bitsOf } from './entropy.ts'

/*
 * Terminology
 *
 * - password policy: what administrators demand of passwords, in a tier, a kind of target or on one target; all that fit add up to the strictest
 * - exception: a policy for one target that cannot take what everyone else must have; with a reason, and replaced often
 * - limits: what a target's kind says that its passwords can be; the api process tells them, and they are not believed further than the floor
 * - floor: below this no password is made, whatever stands in the database or is asked; an exception has a floor of its own
 * - rule: what comes of all these for one account
 */

/** As they come over the keeper's socket. */
export type PasswordLimits = { [K in keyof PasswordRules]: PasswordRules[K] | undefined }

export interface PasswordPolicy {
  id: string
  tier: number | null
  kind: string | null
  target: string | null
  length: number
  classes: readonly CharacterClass[]
  excluded: string
  /** Why this target may have less; null for a policy. */
  exception: string | null
}

export interface PasswordRule {
  length: number
  classes: readonly CharacterClass[]
  /** The characters of each class. */
  alphabet: readonly string[]
  excluded: string
  bits: number
  /** Ids of the policies that it follows from. */
  policies: readonly string[]
  exception: string | null
}

/** Lengths in characters. */
export const passwordFloor = { length: 20, classes: 3, bits: 100 }
export const exceptionFloor = { length: 8, classes: 1, bits: 40 }
export const longestPassword = 128
/** Where no policy says more. */
export const passwordDefault = { length: 28, classes: characterClasses }

/** What passwords of an account have to be. Refused where the target cannot take what the floor demands and no exception says that it may. */
export function ruleFor(
  policies: readonly PasswordPolicy[],
  account: { tier: number; kind: string; target: string },
  limits: PasswordLimits | undefined,
): Result<PasswordRule, KeeperRefusal> {
  const fits = policies.filter(
    (p) =>
      (p.tier === null || p.tier === account.tier) &&
      (p.kind === null || p.kind === account.kind) &&
      (p.target === null || p.target === account.target),
  )
  const ordinary = fits.filter((p) => p.exception === null)
  // of several the longest: an exception is as small as it can be
  const [exception] = fits.filter((p) => p.exception !== null && p.target !== null).sort((a, b) => b.length - a.length)
  const wanted = exception
    ? { length: exception.length, classes: exception.classes }
    : ordinary.length > 0
      ? { length: Math.max(...ordinary.map((p) => p.length)), classes: ordinary.flatMap((p) => p.classes) }
      : passwordDefault
  const floor = exception ? exceptionFloor : passwordFloor
  const length = Math.min(Math.max(wanted.length, limits?.minLength ?? 0), limits?.maxLength ?? Number.POSITIVE_INFINITY)
  const classes = withClasses(wanted.classes, limits?.classes)
  const excluded = [...new Set([...fits.map((p) => p.excluded), limits?.excluded ?? ''].join(''))].sort().join('')
  const alphabet = alphabetOf(classes, excluded)
  const bits = alphabet.every((c) => c.length > 0) && length >= classes.length ? bitsOf(length, alphabet) : 0
  if (length < floor.length || classes.length < floor.classes || bits < floor.bits)
    return refuse(
      'password.below_floor',
      `This target would get passwords of ${length} characters and ${Math.floor(bits)} bits; the least is ${floor.length} characters, ${floor.classes} of the four sorts and ${floor.bits} bits. Where it can take no more, an administrator makes an exception for it: claviger passwords policy add NAME --target TARGET --exception WHY --length N --rotate-after 7d.`,
      { length, bits: Math.floor(bits) },
    )
  return ok({
    ...{ length, classes, alphabet, excluded, bits },
    policies: (exception ? [exception, ...ordinary.filter((p) => p.excluded !== '')] : ordinary).map((p) => p.id),
    exception: exception?.exception ?? null,
  })
}

/** Each once, in their order, and as many as the target asks for. */
function withClasses(wanted: readonly CharacterClass[], demanded: PasswordRules['classes']): CharacterClass[] {
  const missing = (demanded?.of ?? []).filter((c) => !wanted.includes(c))
  const has = (demanded?.of ?? []).filter((c) => wanted.includes(c)).length
  const more = missing.slice(0, Math.max(0, (demanded?.atLeast ?? 0) - has))
  return characterClasses.filter((c) => wanted.includes(c) || more.includes(c))
}
