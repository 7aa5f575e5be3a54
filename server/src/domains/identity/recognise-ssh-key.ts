import type { Keeper } from '../../keeper/client.ts'
import type { SshKeyId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { blobType, fingerprint, formatPublicKeyLine } from '../../protocols/ssh-keys/index.ts'
import { personOf } from './begin-enrolment.ts'
import type { IdentityError } from './errors.ts'
import { findKeyOf } from './people.store.ts'
import type { Person } from './rules.ts'

/**
 * First factor at the SSH door: whose key is this, if it is one of the person named? Nothing is recorded here; the door tries all
 * the keys of an agent, and records how the attempt ended. A key and a person that the keeper does not vouch for open nothing.
 */
export async function recogniseSshKey(
  { db, keeper }: { db: Db; keeper: Keeper },
  { name, publicKey }: { name: string /** As on the wire: `string type | …`. */; publicKey: Uint8Array },
): Promise<Result<{ person: Person; key: SshKeyId }, IdentityError>> {
  const type = blobType(publicKey)
  if (type === undefined) return fail({ code: 'identity.ssh_key_unknown' })
  const found = await db.transaction().execute((tx) => findKeyOf(tx, name, fingerprint(publicKey)))
  if (!found) return fail({ code: 'identity.ssh_key_unknown' })
  const vouched = await keeper.ask('vouch', {
    rows: [
      { kind: 'ssh_key', id: found.key },
      { kind: 'person', id: found.person },
    ],
  })
  if (!vouched.ok) return vouched
  const [key, who] = vouched.value.rows
  const same = key?.public_key === formatPublicKeyLine({ type, blob: publicKey }) && key.person_id === found.person && who?.name === name
  if (!same || key.state !== 'active') return fail({ code: 'identity.ssh_key_unknown' })
  const person = personOf(who)
  return person.state === 'active' ? ok({ person, key: found.key }) : fail({ code: 'identity.not_active' })
}
