import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { id, line, shortName, stepUp, tier } from '../values.ts'

const tag = 'passwords'
const staff = ['engineers', 'approvers', 'security', 'auditors', 'administrators'] as const

/** The four sorts of character that policies count. */
export const characterClass = z.enum(['lower', 'upper', 'digit', 'symbol'])
export type CharacterClass = z.infer<typeof characterClass>
/** Characters that are left out, in one text. */
const excluded = z
  .string()
  .max(64)
  .regex(/^[\x20-\x7e]*$/, 'printable ASCII')
const length = z
  .int()
  .min(8)
  .max(128)
  .meta({ description: 'Characters', examples: [32] })
const classes = z.array(characterClass).min(1).max(4)
const maxAgeDays = z.int().min(1).max(365).meta({ description: 'Days after which it is replaced at the latest' })

/** What passwords have to be, for all accounts or for those of a tier, a kind of target or one target. With `exception` it is what one target may have less. */
export const passwordPolicy = z.strictObject({
  id: id('pwp'),
  name: shortName,
  tier: tier.nullable(),
  kind: z.string().nullable(),
  target: z.strictObject({ id: id('tgt'), name: shortName }).nullable(),
  length,
  classes,
  excluded,
  exception: z.string().nullable(),
  maxAgeDays: maxAgeDays.nullable(),
  state: z.enum(['active', 'retired']),
  /** How many bits a password of this policy alone has, by construction. */
  bits: z.number(),
  /** Why the row in the database is not what was attested; no password is made then. */
  forged: z.string().nullable(),
})
export type PasswordPolicy = z.infer<typeof passwordPolicy>

const floor = z.strictObject({ length: z.int(), classes: z.int(), bits: z.int() })

export const passwordPolicies = defineRoute({
  id: 'passwordPolicies',
  method: 'GET',
  path: '/api/passwords/policies',
  tag,
  who: staff,
  summary: 'What passwords have to be: every policy and exception as the keeper attests it, and the least that the code allows',
  answer: z.strictObject({
    policies: z.array(passwordPolicy),
    /** Below this no password is made, whatever a policy says. */
    floor,
    /** Below this not even under an exception. */
    exceptionFloor: floor,
    /** Where no policy says more. */
    standard: z.strictObject({ length: z.int(), classes: z.array(characterClass), bits: z.number() }),
  }),
})
export const addPasswordPolicy = defineRoute({
  id: 'addPasswordPolicy',
  method: 'POST',
  path: '/api/passwords/policies',
  tag,
  who: ['administrators'],
  summary: 'Demand more of passwords, or except a target that cannot take what is demanded',
  about:
    'All policies that fit an account add up to the strictest. An exception is for one target, has a reason and an age of 30 days at most, and says the length that the target takes.',
  body: z.strictObject({
    name: shortName,
    tier: tier.nullable().default(null),
    kind: z.string().max(40).nullable().default(null),
    target: id('tgt').nullable().default(null),
    length: length.default(28),
    classes: classes.default(['lower', 'upper', 'digit', 'symbol']),
    excluded: excluded.default(''),
    exception: line(200).nullable().default(null),
    maxAgeDays: maxAgeDays.nullable().default(null),
    ...stepUp,
  }),
  answer: passwordPolicy,
})
export const changePasswordPolicy = defineRoute({
  id: 'changePasswordPolicy',
  method: 'PATCH',
  path: '/api/passwords/policies/:id',
  tag,
  who: ['administrators'],
  summary: 'Change what a password policy demands, or retire it; its name and what it is for stay',
  params: z.strictObject({ id: id('pwp') }),
  body: z.strictObject({
    length: length.optional(),
    classes: classes.optional(),
    excluded: excluded.optional(),
    exception: line(200).optional(),
    maxAgeDays: maxAgeDays.nullable().optional(),
    state: z.literal('retired').optional(),
    ...stepUp,
  }),
  answer: passwordPolicy,
})

/** What passwords of one account have to be, and why. */
export const passwordRule = defineRoute({
  id: 'passwordRule',
  method: 'GET',
  path: '/api/accounts/:id/password-rule',
  tag,
  who: staff,
  summary: 'What the next password of an account will be like: its length, characters and bits, and the policies that say so',
  params: z.strictObject({ id: id('acc') }),
  answer: z.strictObject({
    length: z.int(),
    classes: z.array(characterClass),
    excluded: z.string(),
    bits: z.number(),
    policies: z.array(z.strictObject({ id: id('pwp'), name: shortName })),
    exception: z.string().nullable(),
  }),
})
export type PasswordRuleShown = z.infer<typeof passwordRule.answer>
