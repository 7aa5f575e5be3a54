/*
 * What is said between `kms.ts` and the errand that speaks with the key service (`kms-program.ts`), as errand/run-errand.ts frames it: the data is its one
 * part. Types alone: the program is copied out of the clone and imports nothing of ours but the kit.
 */
export interface KmsAsk {
  do: 'encrypt' | 'decrypt'
  /** ARN, id or alias of the key. */
  key: string
  /** Left out: what the SDK finds in its environment. */
  region?: string | undefined
  /** Left out: the service's own address. */
  endpoint?: string | undefined
  /** What the ciphertext is bound to. */
  context: Readonly<Record<string, string>>
}

export type KmsFault = 'no_sdk' | 'no_credentials' | 'denied' | 'no_key' | 'disabled' | 'does_not_open' | 'other_key' | 'away' | 'refused'

/** `key`: the ARN of the key that did it. */
export type KmsLine = { ok: true; key: string } | { ok: false; fault: KmsFault; detail: string }
