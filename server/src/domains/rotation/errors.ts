import type { KeeperRefusal } from '../../keeper/contract.ts'
import { explainKeeper } from '../../keeper/explain-keeper.ts'
import { type ErrorOf, type Explained, explain, type Faces } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/id.ts'
import { explainTargetFailure, type TargetFailure } from '../../targets/contract.ts'

interface RotationErrors {
  'rotation.account_unknown': { account: string }
  'rotation.not_supported': { kind: string }
  'rotation.nothing_to_rotate': { account: string }
  'rotation.brought_in': { account: string }
  'rotation.not_asked_for': { account: string; credential: string }
  'rotation.old_still_works': { account: string; credential: string }
  'rotation.elsewhere': object
  'rotation.probing': { account: string; which: string }
  'rotation.drifted': { account: string }
  'rotation.unknown_credential': { account: string }
  'rotation.waits_for_manager': { manager: string; id: AccountId }
  'rotation.reconciler_refused': { reconciler: string }
  'rotation.other_in_doubt': { other: string }
  'rotation.no_reconciler': { account: string }
  'rotation.held': { account: string }
  'rotation.observed': { account: string }
  'rotation.not_held': { account: string }
  'rotation.not_managed': { account: string }
  'rotation.code_needed': object
  'rotation.nobody_chosen': object
  'rotation.batch_unknown': { batch: string }
}
type OwnError = ErrorOf<RotationErrors>
export type RotationError = OwnError | TargetFailure | KeeperRefusal

const faces: Faces<RotationErrors> = {
  'rotation.account_unknown': { http: 404, say: (e) => `There is no account ${e.account}, or you may not see it.` },
  'rotation.not_supported': { http: 422, say: (e) => `Credentials on targets of kind ${e.kind} cannot be rotated.` },
  'rotation.nothing_to_rotate': { http: 422, say: (e) => `${e.account} has no credential that can be rotated: it cannot log in.` },
  'rotation.brought_in': {
    http: 422,
    say: (e) =>
      `${e.account} logs in with a certificate, which whoever certifies makes: Claviger cannot replace or reset it. Bring in the next one before this is over (claviger credentials put ${e.account}@TARGET --kind tls --file FILE); until when it is good: claviger accounts show. Where somebody else may have its key, hold the account until then (claviger accounts hold), and have the certificate revoked.`,
  },
  'rotation.not_asked_for': {
    http: 409,
    say: (e) =>
      `${e.account} goes on with its certificate: the target said no before it asked for the new ${e.credential}, so that opens nothing there and is not ours to replace. From now on the account is not taken to have a ${e.credential}; discovery says so again if it is let to see one.`,
  },
  'rotation.elsewhere': { http: 409, say: () => 'Another server rotates on this target.' },
  'rotation.old_still_works': {
    http: 502,
    say: (e) =>
      `The new ${e.credential} of ${e.account} works, but the old one does too. The new one is kept; look on the target for a second way in.`,
  },
  'rotation.probing': {
    http: 502,
    say: (e) => `The target refused the ${e.which} credential of ${e.account}. It may have another one that the vault has too.`,
  },
  'rotation.drifted': {
    http: 502,
    say: (e) => `The target refuses the current credential of ${e.account}: it was changed on the target, or the target was put back.`,
  },
  'rotation.unknown_credential': {
    http: 502,
    say: (e) =>
      `The target refuses every credential that the vault has of ${e.account}: it was changed on the target. No login is tried again.`,
  },
  'rotation.waits_for_manager': {
    http: 409,
    say: (e) =>
      `${e.manager} manages this target, and its own credential is in doubt. That comes first: claviger rotations --account ${e.manager}@TARGET`,
  },
  'rotation.reconciler_refused': {
    http: 502,
    say: (e) => `The target refused ${e.reconciler}, its reconciler, too. No login is tried again.`,
  },
  'rotation.other_in_doubt': {
    http: 409,
    say: (e) => `The credential of ${e.other} is in doubt, and it is the second way in. Two are not changed at once; that one comes first.`,
  },
  'rotation.no_reconciler': {
    http: 409,
    say: (e) =>
      `Nothing can reset ${e.account}: it manages its target, which has no reconciler. Name one: claviger targets change TARGET --reconciler ACCOUNT`,
  },
  'rotation.held': {
    http: 409,
    say: (e) =>
      `${e.account} is held: nobody gets in until somebody decides. Reset it (claviger accounts reconcile), or let it go as it is (claviger accounts release).`,
  },
  'rotation.observed': {
    http: 409,
    say: (e) =>
      `${e.account} is observed: what uses it may not be known, so nothing of it is replaced. Say that it may be: claviger accounts observe ${e.account}@TARGET --end`,
  },
  'rotation.not_managed': { http: 409, say: (e) => `${e.account} was never taken over: nobody gets in with it through Claviger.` },
  'rotation.not_held': { http: 409, say: (e) => `${e.account} is not held.` },
  'rotation.nobody_chosen': {
    http: 422,
    say: () => 'No account is chosen that was taken over and is not held: there is nothing to rotate.',
  },
  'rotation.batch_unknown': { http: 404, say: (e) => `There is no batch ${e.batch}.` },
  'rotation.code_needed': { http: 403, say: () => 'This needs a fresh code. Give the six digits that your authenticator shows now.' },
}

export function explainRotation(error: RotationError): Explained {
  if ('message' in error) return explainKeeper(error)
  return error.code.startsWith('target.') ? explainTargetFailure(error as TargetFailure) : explain(faces, error as OwnError)
}

/** What whoever ordered a rotation hears of a failed attempt: why, and what becomes of it without them. */
export function explainAttempt(error: RotationError, order: { state: string; due_at: Date; reconcile: boolean }): Explained {
  const { http, body } = explainRotation(error)
  if (order.state === 'done') return { http, body }
  const at = `${order.due_at.toISOString().slice(0, 19)}Z`
  const then =
    order.state === 'held'
      ? 'The account is held: nobody gets in until somebody decides. Reset it (claviger accounts reconcile), or let it go as it is (claviger accounts release).'
      : `It is tried again by itself, ${order.reconcile ? "by the target's reconciler, " : ''}next at ${at}.`
  return { http, body: { ...body, message: `${body.message} ${then}`.slice(0, 1000) } }
}
