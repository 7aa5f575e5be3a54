import type { FactKind } from '../facts/fact.ts'
import { accessGrant, accessRequest, approval, session } from './access-rules.ts'
import { activation } from './activation-rule.ts'
import { breakglassKey } from './breakglass-rule.ts'
import { dependent } from './dependent-rule.ts'
import { deposit } from './deposit-rule.ts'
import { destruction } from './destruction-rule.ts'
import { holding } from './holding-rule.ts'
import { factor, sshKey } from './identity-rules.ts'
import { inputOpening } from './input-opening-rule.ts'
import { account, target } from './inventory-rules.ts'
import { passkey } from './passkey-rule.ts'
import { passwordPolicy } from './password-policy-rule.ts'
import { person } from './person-rule.ts'
import { policy, policyChange } from './policy-change-rule.ts'
import { recordingDestruction } from './recording-destruction-rule.ts'
import { legalHold, retentionAnchor, retentionClass } from './retention-rules.ts'
import { reveal } from './reveal-rule.ts'
import type { Rule } from './rule.ts'
import { sessionAsk } from './session-ask-rule.ts'
import { sessionOrder } from './session-order-rule.ts'
import { signInConfirmation } from './sign-in-confirmation-rule.ts'
import { sshRotation } from './ssh-rotation-rule.ts'
import { sshTrust } from './ssh-trust-rule.ts'
import { versionPolicy } from './version-policy-rule.ts'

/** One rule for each kind of row that decides access. A kind without one does not compile. */
export const rules: Readonly<Record<FactKind, Rule>> = {
  person,
  factor,
  ssh_key: sshKey,
  sign_in_confirmation: signInConfirmation,
  passkey,
  target,
  account,
  policy,
  policy_change: policyChange,
  access_request: accessRequest,
  approval,
  access_grant: accessGrant,
  session,
  session_ask: sessionAsk,
  session_order: sessionOrder,
  holding,
  dependent,
  reveal,
  deposit,
  password_policy: passwordPolicy,
  destruction,
  version_policy: versionPolicy,
  breakglass_key: breakglassKey,
  breakglass_activation: activation,
  ssh_trust: sshTrust,
  ssh_rotation: sshRotation,
  retention_class: retentionClass,
  retention_anchor: retentionAnchor,
  legal_hold: legalHold,
  recording_destruction: recordingDestruction,
  input_opening: inputOpening,
}
