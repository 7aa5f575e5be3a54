import { z } from 'zod'
import { api, code, doors, nothing, operation, owner, someId, text } from './operation.ts'

/** The log of everything that happened, signed here. */
export const ledgerOperations = {
  /** Payload in: of each entry its bytes, then its tag, of the lengths that are said. Signs what follows without a gap. `epoch` is that of the asking sequencer: one that is not the elected any more is refused. */
  append: operation(
    api,
    z.strictObject({
      first: z.int().min(1),
      epoch: z.int().min(1),
      entries: z
        .array(z.strictObject({ id: someId, origin: text(32), bytes: z.int().min(0).max(100_000), tag: z.int().min(0).max(64) }))
        .min(1)
        .max(1000),
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
