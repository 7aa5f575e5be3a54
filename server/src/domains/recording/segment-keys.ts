import type { Secret } from '../../kernel/secret.ts'
import { deriveKey } from '../../platform/crypto/hash.ts'

/** The two data keys of a recording, 32 bytes each. */
export interface RecordingKeys {
  viewers: Secret | Uint8Array
  officers: Secret | Uint8Array
}

export interface ReaderKeys {
  viewers: RecordingKeys['viewers']
  /** Only with this one does the reader see what was typed unproven. */
  officers?: RecordingKeys['officers'] | undefined
}

/** The keys in use in one segment (docs/formats.md, Keys). `officers` is absent for a reader who may not see unproven input. */
export interface SegmentKeys {
  viewers: Buffer
  officers: Buffer | undefined
  header: Buffer
}

export interface SegmentPlace {
  recording: string
  segment: number
  salt: Uint8Array
}

export async function deriveSegmentKeys(
  keys: { viewers: RecordingKeys['viewers']; officers?: RecordingKeys['officers'] | undefined },
  at: SegmentPlace,
): Promise<SegmentKeys> {
  const derive = (use: string) => (key: Uint8Array) => {
    if (key.length !== 32) throw new RangeError('a data key has 32 bytes')
    return deriveKey(key, `claviger recording 1 ${use} ${at.recording} ${at.segment}`, at.salt)
  }
  return {
    viewers: await lend(keys.viewers, derive('viewers')),
    header: await lend(keys.viewers, derive('header')),
    officers: keys.officers && (await lend(keys.officers, derive('officers'))),
  }
}

export function wipeSegmentKeys({ viewers, officers, header }: SegmentKeys): void {
  for (const key of [viewers, officers, header]) key?.fill(0)
}

const lend = async (key: Secret | Uint8Array, derive: (key: Uint8Array) => Buffer): Promise<Buffer> =>
  key instanceof Uint8Array ? derive(key) : await key.lend('seal', derive)
