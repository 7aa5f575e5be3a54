import type { CredentialKind } from '../../../kernel/credential-kinds.ts'
import { apiKey } from './api-key.ts'
import { file } from './file.ts'
import type { Form } from './form.ts'
import { json } from './json.ts'
import { password } from './password.ts'
import { sshKey } from './ssh-key.ts'
import { tls } from './tls.ts'

/** How each kind of credential is read. One that is missing does not compile. */
export const forms: { readonly [kind in CredentialKind]: Form } = {
  password,
  'ssh-key': sshKey,
  'api-key': apiKey,
  tls,
  json,
  file,
}
