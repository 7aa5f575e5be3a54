import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { code, time } from '../values.ts'

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
    kind: z.enum(['none', 'dev', 'shamir']),
    /** Of the seal `shamir`: given so far, needed, how many there are, and the seconds until those given are forgotten. */
    shares: z
      .strictObject({ given: z.int(), threshold: z.int(), shares: z.int(), set: z.string(), forgottenIn: z.int().nullable() })
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
  body: z.strictObject({ shares: z.int().min(2).max(16), threshold: z.int().min(2).max(16) }),
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
