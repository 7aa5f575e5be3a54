import { z } from 'zod'
import { awsKmsFacts } from './aws-kms.facts.ts'
import { devFacts } from './dev.facts.ts'
import { pkcs11Facts } from './pkcs11.facts.ts'
import { shamirFacts } from './shamir.facts.ts'

/** What the installation's record says of its seal. A kind of seal: a file beside this one, a line here and one in kinds.ts. */
export const sealFacts = z.discriminatedUnion('kind', [devFacts, shamirFacts, pkcs11Facts, awsKmsFacts])
export type SealFacts = z.infer<typeof sealFacts>
export type SealKindName = SealFacts['kind']

export const sealKinds = ['dev', 'shamir', 'pkcs11', 'aws-kms'] as const satisfies readonly SealKindName[]
