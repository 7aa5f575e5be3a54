import type { LifeOperation, Operation } from '../contract.ts'
import * as activations from './activations.ts'
import * as asks from './asks.ts'
import * as attestation from './attest.ts'
import * as backups from './backups.ts'
import * as breakGlass from './break-glass.ts'
import * as ceremony from './ceremony.ts'
import * as credentials from './credentials.ts'
import * as dependents from './dependents.ts'
import * as deposits from './deposit.ts'
import * as destroy from './destroy.ts'
import * as gateways from './gateways.ts'
import * as grants from './grants-now.ts'
import type { Handler, LifeHandler } from './handler.ts'
import * as judging from './judge.ts'
import * as keys from './keys.ts'
import * as ledger from './ledger.ts'
import * as links from './links.ts'
import * as passwordPolicies from './password-policies.ts'
import * as people from './people.ts'
import * as policies from './policies.ts'
import * as reads from './reads.ts'
import * as recordings from './recordings.ts'
import * as release from './release.ts'
import * as report from './report.ts'
import * as retention from './retention.ts'
import * as reveals from './reveal.ts'
import * as seal from './seal.ts'
import * as seats from './seat.ts'
import * as sshAuthority from './ssh-authority.ts'
import * as status from './status.ts'
import * as tickets from './tickets.ts'
import * as unprovenInput from './unproven-input.ts'
import * as words from './words.ts'

/** Every operation that the contract names, from the files that answer them; one that is missing does not compile. */
export const handlers: { readonly [O in Exclude<Operation, LifeOperation>]: Handler<O> } = {
  ...attestation,
  ...policies,
  ...passwordPolicies,
  ...ledger,
  ...people,
  ...tickets,
  ...links,
  ...credentials,
  ...dependents,
  ...deposits,
  ...destroy,
  ...report,
  ...release,
  ...seats,
  ...grants,
  ...judging,
  ...sshAuthority,
  ...reveals,
  ...reads,
  ...recordings,
  ...unprovenInput,
  ...words,
  ...asks,
  ...retention,
  ...gateways,
  ...keys,
  ...breakGlass,
  ...activations,
  ...backups,
}

/** Those that answer whatever the state of the seal is. */
export const lifeHandlers: { readonly [O in LifeOperation]: LifeHandler<O> } = { ...status, ...seal, ...ceremony }
