import { z } from 'zod'
import type { Secret } from '../../../kernel/secret.ts'
import { sameBytes } from '../../../platform/crypto/hash.ts'
import { randomSecretBytes } from '../../../platform/crypto/random.ts'
import { stretch } from '../../../platform/crypto/stretch.ts'
import type { KeeperFolder } from '../../state/folder.ts'

export const pinMarkFile = 'pkcs11-pin.json'
/** How often a PIN is given of which nobody knows whether the token counted it. */
const mostUnsure = 3

const shape = z.strictObject({
  v: z.literal(1),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  /** Tells this PIN from another one; of a PIN that was accepted nothing is kept. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  refused: z.boolean(),
  tries: z.int().min(0),
})
type Mark = z.infer<typeof shape>

export interface PinMark {
  /** Why this PIN is not to be given by itself. */
  why: 'refused' | 'unsure' | undefined
  /** There is a mark of another PIN: somebody gave a new one since. */
  another: boolean
  /** It is about to be given. On the disk when this returns, so that a kill in the middle is remembered. */
  trying(): void
  refused(): void
  /** The token took it. */
  accepted(): void
  /** The token was never given it. */
  kept(): void
}

/** What is remembered of a PIN in the keeper's folder, over restarts. */
export async function pinMark(folder: KeeperFolder, pin: Secret): Promise<PinMark> {
  const before = read(folder)
  const salt = before?.salt ?? randomSecretBytes(16).toString('hex')
  const hash = await pin.lend('recognise', (bytes) => stretch(bytes, Buffer.from(salt, 'hex')))
  const same = before !== undefined && sameBytes(hash, Buffer.from(before.hash, 'hex'))
  const tries = same ? before.tries : 0
  const write = (mark: Pick<Mark, 'refused' | 'tries'>) =>
    folder.write(pinMarkFile, `${JSON.stringify({ v: 1, salt, hash: hash.toString('hex'), ...mark } satisfies Mark)}\n`)
  return {
    why: !same ? undefined : before.refused ? 'refused' : tries >= mostUnsure ? 'unsure' : undefined,
    another: before !== undefined && !same,
    trying: () => write({ refused: false, tries: tries + 1 }),
    refused: () => write({ refused: true, tries: tries + 1 }),
    accepted: () => folder.destroy(pinMarkFile),
    // a mark of another PIN stays: the token has counted that one
    kept: () => (before ? folder.write(pinMarkFile, `${JSON.stringify(before)}\n`) : folder.destroy(pinMarkFile)),
  }
}

function read(folder: KeeperFolder): Mark | undefined {
  try {
    return shape.safeParse(JSON.parse(folder.read(pinMarkFile)?.toString('utf8') ?? '')).data
  } catch {
    return undefined
  }
}
