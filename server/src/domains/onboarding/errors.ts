import type { KeeperRefusal } from '../../keeper/contract.ts'
import { explainKeeper } from '../../keeper/explain-keeper.ts'
import { type ErrorOf, type Explained, explain, type Faces } from '../../kernel/errors.ts'

interface OnboardingErrors {
  'onboarding.import_unknown': { import: string }
  'onboarding.import_closed': object
  'onboarding.nothing_staged': object
  'onboarding.account_unknown': { account: string }
}
type OwnError = ErrorOf<OnboardingErrors>
export type OnboardingError = OwnError | KeeperRefusal

const faces: Faces<OnboardingErrors> = {
  'onboarding.import_unknown': { http: 404, say: (e) => `There is no import ${e.import}, or somebody else began it.` },
  'onboarding.import_closed': { http: 410, say: () => 'This import was begun more than an hour ago. Begin another with a fresh code.' },
  'onboarding.account_unknown': {
    http: 404,
    say: (e) => `There is no account ${e.account}, or you may not see it. See claviger accounts.`,
  },
  'onboarding.nothing_staged': {
    http: 409,
    say: () => 'Nothing of this import waits for its first rotation: it was ordered, or the accounts are observed.',
  },
}

export const explainOnboarding = (error: OnboardingError): Explained =>
  'message' in error ? explainKeeper(error) : explain(faces, error as OwnError)
