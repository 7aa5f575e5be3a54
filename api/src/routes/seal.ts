import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { code, time } from '../values.ts'

/** What can protect the root key. */
export const sealKind = z.enum(['dev', 'shamir', 'pkcs11', 'aws-kms'])
export type SealKind = z.infer<typeof sealKind>
const shareCount = z.int().min(2).max(16)
/** One for each share, in their order: each share leaves the server encrypted to its custodian's public key (`age1…`, `p256-…`), as an armored file. */
const custodians = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(60),
      key: z
        .string()
        .regex(/^(age1[a-z0-9]+|p256-[A-Za-z0-9_-]{87})$/, 'must be a public key: age1… or p256-…')
        .max(3100),
    }),
  )
  .min(2)
  .max(16)
export const keyLocation = z.enum(['system', 'standard', 'recordings', 'officers'])

const tag = 'seal'

export const sealState = z.enum(['uninitialised', 'sealed', 'open'])

export const sealStatus = defineRoute({
  id: 'sealStatus',
  method: 'GET',
  path: '/api/seal',
  tag,
  who: 'anyone',
  sealed: true,
  summary: 'Whether the seal is open, how many shares were given, and what to do',
  answer: z.strictObject({
    state: sealState,
    kind: z.enum(['none', ...sealKind.options]),
    /** Of the seal `shamir`: given so far, needed, how many there are, and the seconds until those given are forgotten. */
    shares: z
      .strictObject({ given: z.int(), threshold: z.int(), shares: z.int(), set: z.string(), forgottenIn: z.int().nullable() })
      .nullable(),
    /** A key ceremony that is under way, without who takes part. */
    ceremony: z
      .strictObject({
        /** `replace`: a new root key, under new shares or another seal. `rotate`: new location keys. */
        goal: z.enum(['replace', 'rotate']),
        to: sealKind,
        /** `gathering`: people or shares are missing. `ready`: who began it goes on. `verifying`: new shares are typed back. */
        phase: z.enum(['gathering', 'ready', 'verifying']),
        confirmed: z.boolean(),
        /** Shares of the seal that counts; null where none are asked for. */
        old: z.strictObject({ given: z.int(), threshold: z.int(), set: z.string(), forgottenIn: z.int().nullable() }).nullable(),
        /** New shares that were typed back, of all. */
        back: z.strictObject({ given: z.int(), shares: z.int(), set: z.string() }).nullable(),
        /** Seconds until it ends by itself, and nothing was changed. */
        endsIn: z.int(),
      })
      .nullable(),
    openSince: time.nullable(),
    message: z.string(),
  }),
})

export const sealInit = defineRoute({
  id: 'sealInit',
  method: 'POST',
  path: '/api/seal/init',
  tag,
  who: 'anyone',
  setup: true,
  sealed: true,
  summary: 'Make the root key and split it among custodians; the shares are in this answer and nowhere else',
  about:
    'Only for whoever holds the link of the first run (header `x-claviger-setup`) or the token beside the data (header `x-claviger-host`). May be repeated until the seal was opened once; then only the last shares count.',
  body: z.strictObject({ shares: shareCount, threshold: shareCount, custodians: custodians.optional() }),
  answer: z.strictObject({ set: z.string(), threshold: z.int(), shares: z.array(z.string()) }),
})

export const sealUnseal = defineRoute({
  id: 'sealUnseal',
  method: 'POST',
  path: '/api/seal/unseal',
  tag,
  who: 'anyone',
  sealed: true,
  summary: 'Give one share; the last one that is needed opens the seal',
  about:
    'Shares are kept in memory only, for ten minutes from the first. Each attempt is recorded; too many wrong ones are not listened to.',
  body: z.strictObject({ share: z.string().min(1).max(400) }),
  answer: z.strictObject({ given: z.int(), threshold: z.int(), open: z.boolean() }),
})

export const sealOpenAgain = defineRoute({
  id: 'sealOpenAgain',
  method: 'POST',
  path: '/api/seal/open',
  tag,
  who: 'anyone',
  sealed: true,
  summary: 'Open again a seal that somebody closed, where it opens by itself (an HSM, a KMS)',
  about: 'Only on the host, with the token beside the data (header `x-claviger-host`). What keeps it from opening is the answer.',
  body: z.strictObject({}),
  answer: z.strictObject({ done: z.literal(true) }),
})

export const sealClose = defineRoute({
  id: 'sealClose',
  method: 'POST',
  path: '/api/seal/seal',
  tag,
  who: ['security', 'administrators'],
  host: true,
  summary: 'Close the seal: sessions are cut, every key is forgotten, and nothing opens until custodians give their shares',
  about: 'With a fresh code; or, on the host, with the token beside the data (header `x-claviger-host`).',
  body: z.strictObject({ code: code.optional() }),
  answer: z.strictObject({ done: z.literal(true) }),
})

const takingPart = ['security', 'administrators'] as const

export const ceremonyBegin = defineRoute({
  id: 'ceremonyBegin',
  method: 'POST',
  path: '/api/seal/ceremony',
  tag,
  who: takingPart,
  summary: 'Begin a key ceremony: a new root key (under new shares, or another seal), or new location keys',
  about:
    'With a fresh code. A second person confirms it; of the two one is an administrator and the other a security officer. Where the seal takes shares, as many of them as open it are given too. One at a time; it ends after half an hour, and until its last step nothing is changed. The ticket is for `ceremonyGo`.',
  body: z.strictObject({
    code,
    plan: z.discriminatedUnion('goal', [
      z.strictObject({
        goal: z.literal('replace'),
        /** Left out: the kind of seal that there is. */
        to: sealKind.optional(),
        shares: shareCount.default(5),
        threshold: shareCount.default(3),
        custodians: custodians.optional(),
      }),
      z.strictObject({ goal: z.literal('rotate'), locations: z.array(keyLocation).min(1).max(4) }),
    ]),
  }),
  answer: z.strictObject({ ticket: z.string() }),
})

export const ceremonyConfirm = defineRoute({
  id: 'ceremonyConfirm',
  method: 'POST',
  path: '/api/seal/ceremony/confirm',
  tag,
  who: takingPart,
  summary: 'Say yes to the key ceremony that somebody else began',
  body: z.strictObject({ code }),
  answer: z.strictObject({ done: z.literal(true) }),
})

export const ceremonyShare = defineRoute({
  id: 'ceremonyShare',
  method: 'POST',
  path: '/api/seal/ceremony/share',
  tag,
  who: 'anyone',
  summary: 'Give a share to the key ceremony: one of the seal that counts, or a new one that is typed back',
  about:
    'Of the seal that counts as many are needed as open it. New shares are all typed back, each by its custodian; with the last one they count, and those of before open nothing any more.',
  body: z.strictObject({ share: z.string().min(1).max(400) }),
  answer: z.strictObject({ given: z.int(), needed: z.int(), done: z.boolean() }),
})

export const ceremonyGo = defineRoute({
  id: 'ceremonyGo',
  method: 'POST',
  path: '/api/seal/ceremony/go',
  tag,
  who: takingPart,
  summary: 'Go on with the key ceremony that one began, once everybody is there; new shares are in this answer and nowhere else',
  about: 'Where no shares are made (another seal, new location keys) it is done with this.',
  body: z.strictObject({ ticket: z.string().min(1).max(64) }),
  answer: z.strictObject({ done: z.boolean(), set: z.string().nullable(), shares: z.array(z.string()) }),
})

export const ceremonyDrop = defineRoute({
  id: 'ceremonyDrop',
  method: 'POST',
  path: '/api/seal/ceremony/drop',
  tag,
  who: takingPart,
  summary: 'Give the key ceremony up: nothing was changed',
  body: z.strictObject({ code }),
  answer: z.strictObject({ done: z.literal(true) }),
})

export const keyProgress = defineRoute({
  id: 'keyProgress',
  method: 'GET',
  path: '/api/seal/keys',
  tag,
  who: takingPart,
  summary: 'The versions of the location keys, and how far sealing anew under the newest is',
  answer: z.strictObject({
    busy: z.boolean(),
    keys: z.array(
      z.strictObject({
        location: keyLocation,
        /** Under which everything new is sealed. */
        version: z.int(),
        /** Older versions that are not destroyed yet. */
        kept: z.array(z.int()),
        /** Data keys under the newest version, under older ones, and of these: that do not open. */
        done: z.int(),
        left: z.int(),
        stuck: z.int(),
      }),
    ),
  }),
})
