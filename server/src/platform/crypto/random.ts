import { randomBytes } from 'node:crypto'
import { type Id, idFrom } from '../../kernel/id.ts'

export const randomToken = (bytes = 32): string => randomBytes(bytes).toString('base64url')
export const randomSecretBytes = (bytes: number): Buffer => randomBytes(bytes)
/** 0 to 1, for what is to be spread. */
export const randomFraction = (): number => randomBytes(4).readUInt32BE() / 2 ** 32

const idLength = 10
let forIds = Buffer.alloc(0)
/** Ids are names and no secrets: their bytes are fetched for many at once, which takes a twentieth of the time. Each byte is used once. */
export function newId<P extends string>(prefix: P): Id<P> {
  if (forIds.length < idLength) forIds = randomBytes(400 * idLength)
  const bytes = forIds.subarray(0, idLength)
  forIds = forIds.subarray(idLength)
  return idFrom(prefix, bytes)
}
