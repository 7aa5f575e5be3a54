import { EventEmitter } from 'node:events'
import type { SessionHost } from '../../gateways/contract.ts'
import type { Chorus } from '../../platform/crew/index.ts'
import { createAttempts } from './attempts.ts'
import { followGrant } from './follow-grant.ts'
import { awaitDecision, findGrant, type GrantsDeps, requestInPlace } from './grants-at-door.ts'
import { createGuessBrake } from './guess-brake.ts'
import { offerLink } from './links/offer-link.ts'
import { openSession } from './open-session.ts'
import type { OpenSessionDeps } from './opening.ts'
import { admit, recogniseCertificate, recogniseKey } from './recognise.ts'
import { recogniseTicket } from './recognise-ticket.ts'
import { recogniseTypedPassword, type TypedPasswordDeps } from './recognise-typed-password.ts'
import { renewAtDoor } from './renew-at-door.ts'
import { createRunningSessions } from './running-sessions.ts'
import { watchGrants } from './watch-grants.ts'

export type SessionHostDeps = Omit<OpenSessionDeps, 'running' | 'renew' | 'attempts'> &
  Omit<GrantsDeps, 'attempts' | 'changes'> &
  Pick<TypedPasswordDeps, 'passwords'> & {
    /** What processes that share the doors know together. */
    chorus?: Chorus
  }

export interface Host extends SessionHost {
  /** The database says that a request or grant changed ('' when some may have). */
  accessChanged(id: string): void
  /** The database says that policies changed. */
  policiesChanged(): void
  /** Somebody ordered the end of a session ('' when somebody may have). */
  endOrdered(session: string): void
  /** The database says that a link was decided on ('' when one may have been). */
  linkDecided(link: string): void
  /** Somebody watches a session or ordered something of it ('' when somebody may have). */
  attend(session: string): void
}

/** What a gateway needs from the rest of the server. */
export function createSessionHost(given: SessionHostDeps): Host {
  const changes = new EventEmitter().setMaxListeners(0)
  const deps = {
    ...given,
    changes,
    attempts: createAttempts(given.audit, given.log, given.chorus),
    running: createRunningSessions(),
    guesses: createGuessBrake(given.now, given.chorus),
  }
  const { running, attempts, log } = deps
  watchGrants(deps.keeper, running)
  const renew: OpenSessionDeps['renew'] = (session, admitted, code) => renewAtDoor(deps, session, admitted, code)

  return {
    recogniseKey: (attempt, _algorithm, publicKey) => recogniseKey(deps, attempt, publicKey),
    recognisePassword: (attempt, password) => recogniseTypedPassword(deps, attempt, password),
    recogniseCertificate: (attempt, certificate, signed, signature) => recogniseCertificate(deps, attempt, certificate, signed, signature),
    recogniseTicket: (attempt, ticket) => recogniseTicket(deps, attempt, ticket),
    offerLink: (attempt, client, recognised) => offerLink(deps, attempt, client, recognised),
    admit: (recognised, code) => admit(deps, recognised, code),
    findGrant: (admitted) => findGrant(deps, admitted),
    requestInPlace: (admitted) => requestInPlace(deps, admitted),
    awaitDecision: (request, signal) => awaitDecision(deps, request, signal),
    open: (admitted, grant, how, meanwhile) => openSession({ ...deps, renew }, admitted, grant, how, meanwhile),
    malformed: (door, from, what) => attempts.record(door, from, `${door}.malformed`, what),
    refused: (attempt, what) => attempts.record(attempt.door, attempt.from, `${attempt.door}.refused`, what, { attempt }),
    accessChanged(id) {
      changes.emit('changed', id)
      const concerned = running.grants().filter((grant) => id === '' || grant === id)
      for (const grant of concerned)
        followGrant(deps, grant).catch((error: unknown) => log(`a grant could not be looked at: ${String(error)}`))
    },
    linkDecided: (link) => void changes.emit('link', link),
    attend: running.attend,
    policiesChanged: running.policiesChanged,
    endOrdered: running.endOrdered,
  }
}
