import type { PersonId, SshKeyId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import { fingerprint, formatPublicKeyLine, type PublicKey, parsePublicKeyLine } from '../../protocols/ssh-keys/index.ts'
import type { IdentityError } from './errors.ts'
import type { SshKeyRow } from './people.store.ts'
import { keyIsAccepted } from './rules.ts'

/** Reads one line of a `.pub` file and takes the kinds of keys that we accept. */
export function readSshKey(line: string): Result<PublicKey, IdentityError> {
  const key = parsePublicKeyLine(line)
  if (!key.ok) return fail({ code: 'identity.ssh_key_malformed', why: key.error.detail })
  return keyIsAccepted(key.value) ? key : fail({ code: 'identity.ssh_key_kind', type: key.value.type })
}

/** The row of a new key: without its comment, which proves nothing and may hold a name. */
export const newSshKeyRow = (person: PersonId, label: string, { type, blob }: PublicKey): SshKeyRow => ({
  id: newId('key') as SshKeyId,
  person_id: person,
  label,
  algorithm: type,
  public_key: formatPublicKeyLine({ type, blob }),
  fingerprint: fingerprint(blob),
  state: 'active',
})

export const keyOrNone = (line: string | undefined): Result<PublicKey | undefined, IdentityError> =>
  line === undefined ? ok(undefined) : readSshKey(line)
