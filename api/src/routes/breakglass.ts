import { z } from 'zod'
import { loginKind } from '../credential-kinds.ts'
import { defineRoute } from '../route.ts'
import { code, id, line, shortName, time } from '../values.ts'

const tag = 'break-glass'
const overseers = ['security', 'auditors', 'administrators'] as const
const publicKey = z
  .string()
  .max(3100)
  .regex(/^age1[a-z0-9]{20,3090}$/, 'must be a public key: age1…')

export const breakglassKey = z.strictObject({
  id: id('bgk'),
  recipient: publicKey,
  threshold: z.int(),
  custodians: z.array(z.strictObject({ name: z.string(), key: publicKey })),
  state: z.enum(['proposed', 'active']),
  introducedBy: z.strictObject({ id: id('per'), name: z.string() }),
  at: time,
})

const versions = z.array(z.strictObject({ credential: loginKind, version: z.int(), rotatedAt: time }))

export const kit = z.strictObject({
  id: id('kit'),
  madeAt: time,
  /** Undefined: made by the server itself. */
  madeBy: z.strictObject({ id: id('per'), name: z.string() }).nullable(),
  accounts: z.int(),
  /** What in it is not as it is now: it was rotated, added or taken away since; empty while the kit is good. */
  stale: z.array(z.string()),
})

export const breakglass = defineRoute({
  id: 'breakglass',
  method: 'GET',
  path: '/api/break-glass',
  tag,
  who: overseers,
  summary: 'The key of the break-glass location, the accounts in it, and the newest kits',
  answer: z.strictObject({
    key: breakglassKey.nullable(),
    /** Waits for an officer. */
    proposed: breakglassKey.nullable(),
    accounts: z.array(
      z.strictObject({
        id: id('acc'),
        name: shortName,
        target: shortName,
        kind: z.string(),
        /** In the location; empty until its first rotation is done. */
        versions,
      }),
    ),
    /** Newest first, at most 20. */
    kits: z.array(kit),
    /** Of sessions under an opened kit that were brought back, newest first, at most 20. */
    recordings: z.array(
      z.strictObject({
        id: id('bgr'),
        kit: id('kit'),
        account: z.string(),
        custodians: z.array(z.string()),
        startedAt: time,
        adoptedAt: time,
        /** Its end is there, too. */
        whole: z.boolean(),
      }),
    ),
    /** Where the server lays down a new kit after each rotation; null when it does not. */
    folder: z.string().nullable(),
  }),
})
export type Breakglass = z.infer<typeof breakglass.answer>

export const proposeKey = defineRoute({
  id: 'proposeBreakglassKey',
  method: 'POST',
  path: '/api/break-glass/keys',
  tag,
  who: ['administrators'],
  summary: 'Bring the public key of a break-glass location, and its shares, each encrypted to its custodian',
  about:
    'The private half is made, split and forgotten by `claviger breakglass init`; it never comes here. A security officer confirms it, then it counts.',
  body: z.strictObject({
    code,
    recipient: publicKey,
    threshold: z.int().min(2).max(16),
    custodians: z
      .array(z.strictObject({ name: line(60), key: publicKey, share: z.string().max(12_000) }))
      .min(2)
      .max(16),
  }),
  answer: breakglassKey,
})

export const settleKey = defineRoute({
  id: 'settleBreakglassKey',
  method: 'POST',
  path: '/api/break-glass/keys/:id',
  tag,
  who: ['security', 'administrators'],
  summary: 'Confirm a key that an administrator brought, as an officer; or drop it',
  about: 'Once it counts, every account for emergencies is rotated, so that its credential is sealed to the new key.',
  params: z.strictObject({ id: id('bgk') }),
  body: z.strictObject({ code, verdict: z.enum(['confirm', 'drop']) }),
  answer: z.strictObject({ state: z.enum(['active', 'dropped']) }),
})

export const markAccount = defineRoute({
  id: 'markBreakglassAccount',
  method: 'PATCH',
  path: '/api/accounts/:id/break-glass',
  tag,
  who: ['administrators'],
  summary: 'Make an account one for emergencies, or an ordinary one again; it is rotated at once',
  params: z.strictObject({ id: id('acc') }),
  body: z.strictObject({ code, marked: z.boolean() }),
  answer: z.strictObject({ marked: z.boolean() }),
})

export const makeKit = defineRoute({
  id: 'makeKit',
  method: 'POST',
  path: '/api/break-glass/kits',
  tag,
  who: ['security', 'administrators'],
  summary: 'Make an offline kit of all accounts for emergencies',
  answer: kit,
})

export const kitPart = defineRoute({
  id: 'kitPart',
  method: 'GET',
  path: '/api/break-glass/kits/:id',
  tag,
  who: ['security', 'administrators'],
  summary: 'The file of a kit, in parts; nothing in it opens without its custodians',
  params: z.strictObject({ id: id('kit') }),
  query: z.strictObject({ from: z.coerce.number().int().min(0).default(0) }),
  answer: z.strictObject({ part: z.string(), total: z.int() }),
})

export const adoptRecording = defineRoute({
  id: 'adoptRecording',
  method: 'POST',
  path: '/api/break-glass/recordings',
  tag,
  who: ['security', 'administrators'],
  summary: 'Bring back what was recorded under an opened kit, in parts; the account is rotated',
  about: 'With the last part every piece is opened and seen to follow the one before. That the kit was opened is an alarm.',
  body: z.strictObject({
    /** Made up by who sends, the same for all parts of one recording. */
    upload: z.string().regex(/^[a-z0-9]{20,40}$/),
    text: z.string().max(200_000),
    last: z.boolean(),
  }),
  answer: z.strictObject({ adopted: z.strictObject({ id: id('bgr'), whole: z.boolean(), pieces: z.int() }).nullable() }),
})

export const kitRecording = defineRoute({
  id: 'kitRecording',
  method: 'GET',
  path: '/api/break-glass/recordings/:id',
  tag,
  who: ['security', 'auditors'],
  summary: 'A recording under an opened kit as asciicast, in parts; that it was seen is in the ledger',
  params: z.strictObject({ id: id('bgr') }),
  query: z.strictObject({ from: z.coerce.number().int().min(0).default(0) }),
  answer: z.strictObject({ part: z.string(), total: z.int() }),
})
