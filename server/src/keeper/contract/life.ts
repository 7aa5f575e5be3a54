import { z } from 'zod'
import { mayInitialise, maySeal } from './authority.ts'
import { api, done, doors, everyone, nothing, operation, owner, text } from './operation.ts'

/** These answer whatever the state of the seal is. */
export const lifeOperations = {
  status: operation(
    everyone,
    nothing,
    z.strictObject({
      seal: z.enum(['none', 'dev', 'shamir']),
      state: z.enum(['uninitialised', 'sealed', 'closing', 'ready', 'diverged']),
      message: z.string(),
      /**
       * Of the seal `shamir`: how many shares were given, of how many that are needed and there are, and the seconds until those given are
       * forgotten.
       */
      shares: z
        .strictObject({ given: z.int(), threshold: z.int(), shares: z.int(), set: z.string(), forgottenIn: z.int().nullable() })
        .nullable(),
      openSince: z.iso.datetime().nullable(),
      /** Grants that run while the seal is closed: nothing opens or is taken away on them. */
      runningGrants: z.int(),
      /** Officers who took note that the ledger is not what was signed, and how many it takes. */
      officers: z.strictObject({ acknowledged: z.int(), needed: z.int() }),
      epoch: z.int(),
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
  /** Payload out: the shares, a line each. They are nowhere else. */
  initialise: operation(
    owner,
    z.strictObject({ shares: z.int().min(2).max(16), threshold: z.int().min(2).max(16), authority: mayInitialise }),
    z.strictObject({ set: z.string(), shares: z.int(), threshold: z.int() }),
  ),
  /** Payload in: one share, as it was typed. */
  unseal: operation(
    owner,
    z.strictObject({ source: text(100) }),
    z.strictObject({ given: z.int(), threshold: z.int(), open: z.boolean() }),
  ),
  seal: operation(owner, z.strictObject({ authority: maySeal }), done),
  /** Who was told that the seal closes says that its sessions are ended and recorded, its rotations done. */
  doorsClosed: operation(doors, nothing, done),
} as const
