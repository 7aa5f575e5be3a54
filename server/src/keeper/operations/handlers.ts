import type { Operation } from '../contract.ts'
import { attest, vouch } from './attest.ts'
import { abandon, managerSecret, prepareRotation, promote, rotationSecret, storeCredential, versions } from './credentials.ts'
import { gatewayCertificate } from './gateways.ts'
import type { Handler, LifeHandler, LifeOperation } from './handler.ts'
import { acknowledge, append, compare, follow, signed } from './ledger.ts'
import { beginEnrolment, factorUses, finishSetup, issueCertificate, openEnrolment, presence, presenceByCertificate } from './people.ts'
import { policies } from './policies.ts'
import { createRecording, gatewayHostKey, openRecording, signManifest } from './recordings.ts'
import { release } from './release.ts'
import { doorsClosed, initialise, seal, unseal } from './seal.ts'
import { isSetupToken, setupToken, status } from './status.ts'
import { issueTicket, presenceByTicket } from './tickets.ts'

/** Every operation that the contract names; one that is missing does not compile. */
export const handlers: { readonly [O in Exclude<Operation, LifeOperation>]: Handler<O> } = {
  attest,
  vouch,
  policies,
  append,
  follow,
  compare,
  signed,
  acknowledge,
  presence,
  presenceByCertificate,
  factorUses,
  issueCertificate,
  issueTicket,
  presenceByTicket,
  openEnrolment,
  beginEnrolment,
  finishSetup,
  storeCredential,
  prepareRotation,
  rotationSecret,
  managerSecret,
  promote,
  abandon,
  versions,
  release,
  createRecording,
  openRecording,
  signManifest,
  gatewayHostKey,
  gatewayCertificate,
}

/** Those that answer whatever the state of the seal is. */
export const lifeHandlers: { readonly [O in LifeOperation]: LifeHandler<O> } = {
  status,
  setupToken,
  isSetupToken,
  initialise,
  unseal,
  seal,
  doorsClosed,
}
