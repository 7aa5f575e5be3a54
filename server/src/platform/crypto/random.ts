import { randomBytes } from 'node:crypto'
import { type Id, idFrom } from '../../kernel/id.ts'

export const randomToken = (bytes = 32): string => randomBytes(bytes).toString('base64url')
export const randomSecretBytes = (bytes: number): Buffer => randomBytes(bytes)
/** 0 to 1, for what is to be spread. */
export const randomFraction = (): number => randomBytes(4).readUInt32BE() / 2 ** 32

export const newId = <P extends string>(prefix: P): Id<P> => idFrom(prefix, randomBytes(10))
