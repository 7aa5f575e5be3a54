/*
 * What can be asked of the keeper, over its Unix socket. Each operation names the roles that may ask for it; its arguments are
 * parsed before anything else happens. Secrets travel in a frame's payload, never in its JSON. The operations stand by what they are
 * about in contract/, and what answers them under the same names in operations/.
 */
import type { z } from 'zod'
import { activationOperations } from './contract/activations.ts'
import { actOperations } from './contract/acts.ts'
import { askOperations } from './contract/asks.ts'
import { attestationOperations } from './contract/attestation.ts'
import { backupOperations } from './contract/backups.ts'
import { breakglassOperations } from './contract/breakglass.ts'
import { credentialOperations } from './contract/credentials.ts'
import { dependentOperations } from './contract/dependents.ts'
import { gatewayOperations } from './contract/gateways.ts'
import { keyOperations } from './contract/keys.ts'
import { ledgerOperations } from './contract/ledger.ts'
import { lifeOperations } from './contract/life.ts'
import { peopleOperations } from './contract/people.ts'
import { readOperations } from './contract/reads.ts'
import { recordingOperations } from './contract/recordings.ts'
import { retentionOperations } from './contract/retention.ts'
import { wordOperations } from './contract/words.ts'

export { type Authority, attestation } from './contract/authority.ts'
export { type Role, roles } from './contract/operation.ts'
export { type Seats, usualSeats } from './contract/seats.ts'
export { type SealKindName, sealKinds } from './seal/kinds/facts.ts'
export { factorShownBy, passkeyAsked, type ShownFactor } from './shown-factor.ts'

export const operations = {
  ...lifeOperations,
  ...attestationOperations,
  ...ledgerOperations,
  ...peopleOperations,
  ...credentialOperations,
  ...readOperations,
  ...dependentOperations,
  ...recordingOperations,
  ...wordOperations,
  ...askOperations,
  ...retentionOperations,
  ...gatewayOperations,
  ...keyOperations,
  ...breakglassOperations,
  ...activationOperations,
  ...actOperations,
  ...backupOperations,
} as const

export type Operation = keyof typeof operations
/** Those that answer whatever the state of the seal is. */
export type LifeOperation = keyof typeof lifeOperations
export type ArgsOf<O extends Operation> = z.input<(typeof operations)[O]['args']>
export type AnswerOf<O extends Operation> = z.output<(typeof operations)[O]['answer']>

/** A refusal by the keeper: a code, and facts that are no secrets. */
export interface KeeperRefusal {
  code: string
  message: string
  /** For factor.code_wrong: tries left. For factor.locked: until when. For keeper.forged_row: kind and id. */
  facts?: Record<string, string | number>
}
