import { awsKms } from './aws-kms.ts'
import { dev } from './dev.ts'
import type { SealFacts, SealKindName } from './facts.ts'
import type { SealKind } from './kind.ts'
import { pkcs11 } from './pkcs11.ts'
import { shamir } from './shamir.ts'

/** Every kind of seal that there is. */
const kinds = { dev, shamir, pkcs11, 'aws-kms': awsKms } as const satisfies {
  [K in SealKindName]: SealKind<Extract<SealFacts, { kind: K }>>
}

// what a kind is given has its name: the table above says so, TypeScript cannot follow it here
export const kindOf = (kind: SealKindName): SealKind => kinds[kind] as SealKind

export const allKinds = Object.keys(kinds).map((kind) => kindOf(kind as SealKindName))

export const opensByItself = (kind: SealKindName): boolean => kindOf(kind).open !== undefined
