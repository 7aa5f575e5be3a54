import { fail, ok } from '../../../kernel/result.ts'
import { randomSecretBytes } from '../../../platform/crypto/random.ts'
import { askKms, type KmsFailure, type KmsPlace } from '../../../platform/kms/kms.ts'
import type { KeeperRefusal } from '../../contract.ts'
import { refuse } from '../../refuse.ts'
import { type AwsKmsFacts, awsKmsFacts } from './aws-kms.facts.ts'
import type { SealKind } from './kind.ts'

const notSet = () => refuse('seal.kms_not_set', 'No key of AWS KMS is in the settings: CLAVIGER_AWS_KMS_KEY.')

/** The service opens it only when the same is said again. It stands in its log (CloudTrail): no secret. */
const contextOf = (id: string) => ({ 'claviger:purpose': 'root-key', 'claviger:seal': id })

/**
 * The seal `aws-kms`: the root key lies in the record, encrypted under a key that AWS KMS keeps. It opens by itself as long as the service answers, and
 * this server may ask it.
 */
export const awsKms: SealKind<AwsKmsFacts> = {
  kind: 'aws-kms',
  mayBeAway: true,

  async protect(root, _, { kms }) {
    if (!kms) return notSet()
    const id = randomSecretBytes(16).toString('hex')
    const made = await askKms(kms, { do: 'encrypt', context: contextOf(id) }, root)
    if (!made.ok) return fail(kmsRefusal(made.error, kms))
    const facts = awsKmsFacts.safeParse({ kind: 'aws-kms', key: made.value.key, id, wrapped: made.value.bytes.toString('base64') })
    return facts.success
      ? ok({ facts: facts.data })
      : refuse('seal.kms_refused', 'What answered as AWS KMS did not answer as it does. Nothing was changed.')
  },

  async open({ key, id, wrapped }, { kms }) {
    if (!kms) return notSet()
    const opened = await askKms(kms, { do: 'decrypt', key, context: contextOf(id) }, Buffer.from(wrapped, 'base64'))
    return opened.ok ? ok(opened.value.bytes) : fail(kmsRefusal(opened.error, kms))
  },
}

function kmsRefusal({ fault, detail }: KmsFailure, { key, endpoint }: KmsPlace): KeeperRefusal {
  const said = detail === '' ? '' : ` (${detail})`
  const again = 'It is tried again by itself.'
  const faces: { [F in KmsFailure['fault']]: readonly [code: string, message: string] } = {
    no_sdk: [
      'seal.kms_not_set',
      'The SDK of AWS KMS is not installed: npm install in the clone, with optional packages. Then start again.',
    ],
    no_credentials: [
      'seal.kms_denied',
      `AWS KMS was not asked, or did not believe who asks${said}. Give this server credentials: a role of the instance, or what CLAVIGER_AWS_ENV hands on. ${again}`,
    ],
    denied: ['seal.kms_denied', `AWS KMS refuses this server${said}. Its role needs kms:Encrypt and kms:Decrypt on ${key}. ${again}`],
    no_key: ['seal.kms_key', `AWS KMS knows no key ${key}${said}. Is CLAVIGER_AWS_KMS_KEY right, and its region? ${again}`],
    disabled: ['seal.kms_key', `The key in AWS KMS is disabled or waits for its deletion${said}. Enable it. ${again}`],
    does_not_open: [
      'seal.kms_key',
      `AWS KMS does not open what is said to be encrypted under its key${said}: the record was changed. Put vault.installation and the keeper's folder back from a backup. ${again}`,
    ],
    other_key: ['seal.kms_key', `What answered as AWS KMS named another key${said}, and is not believed. ${again}`],
    away: ['seal.kms_away', `AWS KMS does not answer${endpoint ? ` at ${endpoint}` : ''}${said}. ${again}`],
    refused: ['seal.kms_refused', `AWS KMS refused${said}. ${again}`],
    crashed: ['seal.kms_away', `What asks AWS KMS could not be started. ${again}`],
    late: ['seal.kms_away', `AWS KMS did not answer in time${endpoint ? ` at ${endpoint}` : ''}. ${again}`],
  }
  const [code, message] = faces[fault]
  return { code, message }
}
