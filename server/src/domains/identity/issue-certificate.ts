import type { Keeper } from '../../keeper/client.ts'
import type { PersonId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { fingerprint } from '../../protocols/ssh-keys/index.ts'
import type { Audit } from '../audit/index.ts'
import type { IdentityError } from './errors.ts'
import { certificateIssued } from './events.ts'
import { readSshKey } from './read-ssh-key.ts'

export interface Certificate {
  /** One line, as in a `-cert.pub` file. */
  certificate: string
  validUntil: string
}

/** A certificate of a few hours for a key that the person holds. It stands for the second factor that this sign-in began with. */
export async function issueCertificate(
  { audit, keeper }: { audit: Audit; keeper: Keeper },
  { publicKey, presence, by }: { publicKey: string; presence: string; by: PersonId },
): Promise<Result<Certificate, IdentityError>> {
  const key = readSshKey(publicKey)
  if (!key.ok) return key
  const about = { fingerprint: fingerprint(key.value.blob) }
  return await audit.act<Certificate, IdentityError>({ act: 'identity.issue_certificate', by, about }, async ({ record }) => {
    const issued = await keeper.ask('issueCertificate', { presence, publicKey: Buffer.from(key.value.blob).toString('base64') })
    if (!issued.ok) return issued
    const { certificate, validUntil } = issued.value
    await record(certificateIssued({ ...about, validUntil }))
    return ok({ certificate, validUntil })
  })
}
