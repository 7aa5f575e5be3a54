import type { KeeperRefusal } from '../../keeper/contract.ts'
import { explainKeeper } from '../../keeper/explain-keeper.ts'
import { type ErrorOf, type Explained, explain, type Faces } from '../../kernel/errors.ts'
import { explainTargetFailure, type TargetFailure } from '../../targets/contract.ts'

interface RotationErrors {
  'rotation.account_unknown': { account: string }
  'rotation.not_supported': { kind: string }
  'rotation.nothing_to_rotate': { account: string }
  'rotation.old_still_works': { account: string; credential: string }
  'rotation.elsewhere': object
}
type OwnError = ErrorOf<RotationErrors>
export type RotationError = OwnError | TargetFailure | KeeperRefusal

const faces: Faces<RotationErrors> = {
  'rotation.account_unknown': { http: 404, say: (e) => `There is no account ${e.account}, or you may not see it.` },
  'rotation.not_supported': { http: 422, say: (e) => `Credentials on targets of kind ${e.kind} cannot be rotated.` },
  'rotation.nothing_to_rotate': { http: 422, say: (e) => `${e.account} has no credential that can be rotated: it cannot log in.` },
  'rotation.elsewhere': { http: 409, say: () => 'Another server rotates on this target. Try again in a minute.' },
  'rotation.old_still_works': {
    http: 502,
    say: (e) =>
      `The new ${e.credential} of ${e.account} works, but the old one does too. The new one is kept; look on the target for a second way in.`,
  },
}

export function explainRotation(error: RotationError): Explained {
  if ('message' in error) return explainKeeper(error)
  return error.code.startsWith('target.') ? explainTargetFailure(error as TargetFailure) : explain(faces, error as OwnError)
}
