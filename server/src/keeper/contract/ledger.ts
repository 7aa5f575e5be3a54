import { z } from 'zod'
import { api, code, doors, nothing, operation, owner, someId, text } from './operation.ts'

/** Entries in one call. */
const most = 1000

/** The log of everything that happened, signed here. */
export const ledgerOperations = {
  /** Payload in: of each entry its bytes, then its tag, of the lengths that are said. Signs what follows without a gap. `epoch` is that of the asking sequencer: one that is not the elected any more is refused. */
  append: operation(
    api,
    z.strictObject({
      first: z.int().min(1),
      epoch: z.int().min(1),
      /** Their ids with a space between; for each its origin and how long its bytes and its tag are. */
      ids: z
        .string()
        .max(most * 15)
        .regex(/^[a-z]{3}_[a-z0-9]{10}(?: [a-z]{3}_[a-z0-9]{10})*$/),
      origins: z.array(text(32)).max(most),
      bytes: z.array(z.int().min(0).max(100_000)).max(most),
      tags: z.array(z.int().min(0).max(64)).max(most),
    }),
    z.strictObject({
      size: z.int(),
      note: z.string(),
      forged: z.array(z.strictObject({ id: z.string(), place: z.int(), why: z.string() })),
    }),
  ),
  /** Takes over what the keeper of another node signed. `note` is the newest checkpoint known now, empty when there is none. */
  follow: operation(api, nothing, z.strictObject({ size: z.int(), note: z.string() })),
  /**
   * Compares a checkpoint that another server signed, brought by another road than the database, with what this keeper knows. When they do not lie
   * on one log, or the database holds back what was signed there, nothing opens and nothing is signed any more: `keeper.diverged`.
   */
  compare: operation(
    api,
    z.strictObject({ note: text(2048), peer: text(300) }),
    z.strictObject({ compared: z.enum(['same', 'ahead', 'old']) }),
  ),
  /** Answers when the entry is under a signed checkpoint; refuses after ten seconds. */
  signed: operation(doors, z.strictObject({ entry: someId }), z.strictObject({ size: z.int() })),
  acknowledge: operation(
    owner,
    z.strictObject({ person: someId, code }),
    z.strictObject({ officers: z.int(), epoch: z.int(), ready: z.boolean() }),
  ),
} as const
