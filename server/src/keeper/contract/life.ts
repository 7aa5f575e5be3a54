import { z } from 'zod'
import { sealKinds } from '../seal/kinds/facts.ts'
import { locations } from '../vault/locations.ts'
import { inPerson, mayInitialise, maySeal } from './authority.ts'
import { custodians } from './custodians.ts'
import { api, done, doors, everyone, nothing, operation, owner, text } from './operation.ts'

const sealKind = z.enum(sealKinds)
const shareCount = z.int().min(2).max(16)
const progressOf = <S extends z.ZodRawShape>(shape: S) => z.strictObject({ given: z.int(), set: z.string(), ...shape }).nullable()

/** A key ceremony that is under way, without who takes part. */
export const ceremony = z.strictObject({
  /** `replace`: a new root key, under new shares or another seal. `rotate`: new location keys. */
  goal: z.enum(['replace', 'rotate']),
  to: sealKind,
  /** `gathering`: people or shares are missing. `ready`: who began it goes on. `verifying`: new shares are handed out, and typed back. */
  phase: z.enum(['gathering', 'ready', 'verifying']),
  confirmed: z.boolean(),
  /** Shares of the seal that counts, of those needed; null where it takes none, or enough were given. */
  old: progressOf({ threshold: z.int(), forgottenIn: z.int().nullable() }),
  /** New shares that were typed back, of all. */
  back: progressOf({ shares: z.int() }),
  /** Seconds until it ends by itself, and nothing was changed. */
  endsIn: z.int(),
})

/** These answer whatever the state of the seal is. */
export const lifeOperations = {
  status: operation(
    everyone,
    nothing,
    z.strictObject({
      seal: z.enum(['none', ...sealKinds]),
      state: z.enum(['uninitialised', 'sealed', 'closing', 'ready', 'diverged']),
      message: z.string(),
      /**
       * Of the seal `shamir`: how many shares were given, of how many that are needed and there are, and the seconds until those given are
       * forgotten.
       */
      shares: z
        .strictObject({ given: z.int(), threshold: z.int(), shares: z.int(), set: z.string(), forgottenIn: z.int().nullable() })
        .nullable(),
      ceremony: ceremony.nullable(),
      openSince: z.iso.datetime().nullable(),
      /** Grants that run while the seal is closed: nothing opens or is taken away on them. */
      runningGrants: z.int(),
      /** Officers who took note that the ledger is not what was signed, and how many it takes. */
      officers: z.strictObject({ acknowledged: z.int(), needed: z.int() }),
      epoch: z.int(),
      /** When it began; null for the first one, and while it is sealed. */
      epochSince: z.iso.datetime().nullable(),
      size: z.int(),
      /** The newest checkpoint that this keeper signed or followed; empty while there is none, or while it is sealed. */
      note: z.string(),
      setupOpen: z.boolean(),
      verifierKey: z.string(),
      userCa: z.string(),
      /** Public half of the SSH gateway's host key, one line. */
      gatewayKey: z.string(),
      /** Certificate of the authority for the gateways that speak TLS, in PEM. */
      tlsCa: z.string(),
    }),
  ),
  setupToken: operation(['supervisor'], nothing, z.strictObject({ token: z.string().nullable() })),
  isSetupToken: operation(api, z.strictObject({ token: text(128) }), z.strictObject({ valid: z.boolean() })),
  /** Payload out: the shares, a line each; with custodians each encrypted to one of them, in base64. They are nowhere else. */
  initialise: operation(
    owner,
    z.strictObject({ shares: shareCount, threshold: shareCount, custodians: custodians.optional(), authority: mayInitialise }),
    z.strictObject({ set: z.string(), shares: z.int(), threshold: z.int() }),
  ),
  /** Payload in: one share, as it was typed. */
  unseal: operation(
    owner,
    z.strictObject({ source: text(100) }),
    z.strictObject({ given: z.int(), threshold: z.int(), open: z.boolean() }),
  ),
  seal: operation(owner, z.strictObject({ authority: maySeal }), done),
  /** Opens again what somebody closed, where the seal opens by itself. `token`: what lies beside the data for its owner. */
  openAgain: operation(owner, z.strictObject({ token: text(128) }), done),
  /** Begins a key ceremony; the ticket is for whoever goes on with it. */
  ceremonyBegin: operation(
    api,
    z.strictObject({
      plan: z.discriminatedUnion('goal', [
        z.strictObject({
          goal: z.literal('replace'),
          to: sealKind,
          wish: z.strictObject({ shares: shareCount, threshold: shareCount, custodians: custodians.optional() }),
        }),
        z.strictObject({ goal: z.literal('rotate'), locations: z.array(z.enum(locations)).min(1).max(locations.length) }),
      ]),
      authority: inPerson,
    }),
    z.strictObject({ ticket: z.string() }),
  ),
  ceremonyConfirm: operation(api, z.strictObject({ authority: inPerson }), done),
  /** Payload in: one share, of before or a new one that is typed back. */
  ceremonyShare: operation(
    api,
    z.strictObject({ source: text(100) }),
    z.strictObject({ given: z.int(), needed: z.int(), done: z.boolean() }),
  ),
  /** Payload out: the new shares, a line each as at `initialise`, where the seal takes any. They are nowhere else. */
  ceremonyGo: operation(api, z.strictObject({ ticket: text(64) }), z.strictObject({ set: z.string().nullable(), encrypted: z.boolean() })),
  ceremonyDrop: operation(api, z.strictObject({ authority: inPerson }), done),
  /** Who was told that the seal closes says that its sessions are ended and recorded, its rotations done. */
  doorsClosed: operation(doors, nothing, done),
} as const
