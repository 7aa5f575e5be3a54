import type { KeeperRefusal } from '../../keeper/contract.ts'
import { explainKeeper } from '../../keeper/explain-keeper.ts'
import { type ErrorOf, type Explained, explain, type Faces } from '../../kernel/errors.ts'

interface BreakglassErrors {
  'breakglass.account_unknown': { account: string }
  'breakglass.key_unknown': { key: string }
  'breakglass.key_waits': object
  'breakglass.key_settled': { state: string }
  'breakglass.same': { marked: boolean }
  'breakglass.not_rotated': { kind: string }
  'breakglass.no_key': object
  'breakglass.no_accounts': object
  'breakglass.kit_unknown': { kit: string }
  'breakglass.recording_unknown': { recording: string }
  'breakglass.recording_malformed': object
  'breakglass.recording_broken': { line: number }
  'breakglass.adopted_already': object
  'breakglass.activation_unknown': { activation: string }
  'breakglass.activation_state': { state: string; needs: string }
  'breakglass.activation_open': { activation: string }
  'breakglass.not_yours': object
  'breakglass.not_begun': { why: string }
}
export type BreakglassError = ErrorOf<BreakglassErrors> | KeeperRefusal

const faces: Faces<BreakglassErrors> = {
  'breakglass.account_unknown': { http: 404, say: (e) => `There is no account ${e.account}. See claviger accounts.` },
  'breakglass.key_unknown': { http: 404, say: (e) => `There is no key ${e.key}. See claviger breakglass.` },
  'breakglass.key_waits': {
    http: 409,
    say: () => 'A key waits for an officer already. They confirm it (claviger breakglass confirm) or drop it (claviger breakglass drop).',
  },
  'breakglass.key_settled': { http: 409, say: (e) => `That key is ${e.state} already. See claviger breakglass.` },
  'breakglass.same': {
    http: 409,
    say: (e) => (e.marked ? 'It is an account for emergencies already.' : 'It is an ordinary account already.'),
  },
  'breakglass.not_rotated': {
    http: 422,
    say: (e) =>
      `Accounts of the kind ${e.kind} cannot be rotated, so what is known of this one would stay known. Mark an account of another kind.`,
  },
  'breakglass.no_key': {
    http: 409,
    say: () => 'There is no key for the break-glass location yet: claviger breakglass init, and an officer confirms it.',
  },
  'breakglass.no_accounts': {
    http: 409,
    say: () => 'No account is for emergencies yet, so a kit would be empty: claviger breakglass mark ACCOUNT@TARGET.',
  },
  'breakglass.recording_unknown': { http: 404, say: (e) => `There is no recording ${e.recording}. See claviger breakglass.` },
  'breakglass.recording_malformed': { http: 422, say: () => 'That is no recording of an opened kit, or longer than one may be (16 MiB).' },
  'breakglass.recording_broken': {
    http: 422,
    say: (e) =>
      `It does not hold together from line ${e.line} on: it was changed, or something was taken out. Keep the file, and tell security.`,
  },
  'breakglass.adopted_already': { http: 409, say: () => 'This recording was brought back already. See claviger breakglass.' },
  'breakglass.activation_unknown': {
    http: 404,
    say: (e) => `There is no activation ${e.activation}. See claviger breakglass activations.`,
  },
  'breakglass.activation_state': { http: 409, say: (e) => `This activation is ${e.state}; this needs ${e.needs}.` },
  'breakglass.activation_open': {
    http: 409,
    say: (e) => `Another activation of one of these accounts is open: ${e.activation}. Use that one, or end it first.`,
  },
  'breakglass.not_yours': { http: 403, say: () => 'An activation is ended by one of its two people, or by security.' },
  'breakglass.not_begun': { http: 409, say: (e) => `It was opened, and could not begin: ${e.why}` },
  'breakglass.kit_unknown': { http: 404, say: (e) => `There is no kit ${e.kit}. See claviger breakglass.` },
}

export function explainBreakglass(error: BreakglassError): Explained {
  return 'message' in error ? explainKeeper(error) : explain(faces, error)
}
