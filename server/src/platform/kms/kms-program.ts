import type { KMSClient } from '@aws-sdk/client-kms'
import { end, giveBytes, readAsk, say as sayLine } from '../errand/kit.ts'
import type { KmsAsk, KmsFault, KmsLine } from './wire.ts'

/*
 * The errand that speaks with AWS KMS through its SDK, for one operation: what the SDK parses and which credentials it finds concern this process alone.
 */

type Sdk = typeof import('@aws-sdk/client-kms')

const say = (line: KmsLine) => sayLine(line)

async function load(): Promise<Sdk | undefined> {
  return await import('@aws-sdk/client-kms').catch(() => undefined)
}

async function encrypt({ EncryptCommand }: Sdk, client: KMSClient, ask: KmsAsk, data: Buffer): Promise<void> {
  const { CiphertextBlob, KeyId } = await client.send(
    new EncryptCommand({ KeyId: ask.key, Plaintext: data, EncryptionContext: { ...ask.context } }),
  )
  if (!CiphertextBlob || !KeyId) throw new Error('the answer has no ciphertext')
  say({ ok: true, key: KeyId })
  giveBytes(CiphertextBlob)
}

async function decrypt({ DecryptCommand }: Sdk, client: KMSClient, ask: KmsAsk, data: Buffer): Promise<void> {
  const { Plaintext, KeyId } = await client.send(
    new DecryptCommand({ KeyId: ask.key, CiphertextBlob: data, EncryptionContext: { ...ask.context } }),
  )
  if (!Plaintext) throw new Error('the answer has no plaintext')
  // the key was named in what was asked: an answer by another one is not believed
  if (KeyId !== ask.key) return void say({ ok: false, fault: 'other_key', detail: KeyId ?? '' })
  say({ ok: true, key: KeyId })
  giveBytes(Plaintext)
}

/** By the names of the service's errors and of the SDK's own. */
const faults: Readonly<Record<string, KmsFault>> = {
  CredentialsProviderError: 'no_credentials',
  ExpiredTokenException: 'no_credentials',
  UnrecognizedClientException: 'no_credentials',
  InvalidSignatureException: 'no_credentials',
  AccessDeniedException: 'denied',
  NotFoundException: 'no_key',
  DisabledException: 'disabled',
  KMSInvalidStateException: 'disabled',
  InvalidCiphertextException: 'does_not_open',
  IncorrectKeyException: 'does_not_open',
  KeyUnavailableException: 'away',
  DependencyTimeoutException: 'away',
  KMSInternalException: 'away',
  ThrottlingException: 'away',
  TimeoutError: 'away',
}

function faultOf(error: unknown): KmsFault {
  const { name, code, $metadata } = error as { name?: string; code?: string; $metadata?: { httpStatusCode?: number } }
  const known = faults[name ?? '']
  if (known) return known
  return code !== undefined || ($metadata?.httpStatusCode ?? 0) >= 500 ? 'away' : 'refused'
}

const { ask, parts } = readAsk<KmsAsk>()
const [data = Buffer.alloc(0)] = parts
const sdk = await load()
if (!sdk) say({ ok: false, fault: 'no_sdk', detail: '' })
else
  try {
    const { region, endpoint } = ask
    const client = new sdk.KMSClient({ maxAttempts: 2, ...(region && { region }), ...(endpoint && { endpoint }) })
    await (ask.do === 'encrypt' ? encrypt(sdk, client, ask, data) : decrypt(sdk, client, ask, data))
  } catch (error) {
    say({ ok: false, fault: faultOf(error), detail: `${(error as Error).name}: ${(error as Error).message}`.slice(0, 200) })
  }
end(parts)
