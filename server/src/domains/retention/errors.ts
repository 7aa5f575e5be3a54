import type { KeeperRefusal } from '../../keeper/contract.ts'
import { explainKeeper } from '../../keeper/explain-keeper.ts'
import { type ErrorOf, type Explained, explain, type Faces } from '../../kernel/errors.ts'

interface RetentionErrors {
  'retention.class_unknown': { class: string }
  'retention.name_taken': { name: string }
  'retention.same': object
  'retention.target_unknown': { target: string }
  'retention.subject_unknown': { kind: string; subject: string }
  'retention.said_before': { state: string }
  'retention.hold_unknown': { hold: string }
  'retention.hold_lifted': { hold: string }
  'retention.session_unknown': { session: string }
  'retention.ordered_already': object
  'retention.code_needed': object
}
type OwnError = ErrorOf<RetentionErrors>
export type RetentionError = OwnError | KeeperRefusal

const faces: Faces<RetentionErrors> = {
  'retention.class_unknown': { http: 404, say: (e) => `There is no retention class ${e.class}. See claviger retention list.` },
  'retention.name_taken': { http: 409, say: (e) => `There is a retention class ${e.name} already. Choose another name.` },
  'retention.same': { http: 422, say: () => 'Nothing would change. Say what shall be different.' },
  'retention.target_unknown': { http: 422, say: (e) => `There is no target ${e.target}. See claviger targets.` },
  'retention.subject_unknown': { http: 404, say: (e) => `There is no ${e.kind} ${e.subject}.` },
  'retention.said_before': { http: 409, say: (e) => `It is ${e.state} already.` },
  'retention.hold_unknown': { http: 404, say: (e) => `There is no legal hold ${e.hold}. See claviger holds list.` },
  'retention.hold_lifted': { http: 409, say: (e) => `The legal hold ${e.hold} was lifted before.` },
  'retention.session_unknown': { http: 404, say: (e) => `No session ${e.session}, or there is no recording of it.` },
  'retention.ordered_already': { http: 409, say: () => 'It is being destroyed already.' },
  'retention.code_needed': { http: 403, say: () => 'This needs a fresh code. Give the six digits that your authenticator shows now.' },
}

export function explainRetention(error: RetentionError): Explained {
  return error.code in faces ? explain(faces, error as OwnError) : explainKeeper(error as KeeperRefusal)
}
