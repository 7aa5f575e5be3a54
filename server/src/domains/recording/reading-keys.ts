import type { Secret } from '../../kernel/secret.ts'
import { type ByteSource, blockAt } from '../../protocols/recording/index.ts'
import { deriveSegmentKeys, wipeSegmentKeys } from './segment-keys.ts'

export interface ReadingKey {
  segment: number
  /** Base64. */
  key: string
}

/**
 * The keys under which the viewers' chunks of each segment are sealed, for an export that is checked and read without us. They open the chunks of this
 * recording that whoever exports it sees anyway, and nothing else: neither its data key nor what is under the officers' key follows from them.
 */
export async function readingKeys(source: ByteSource, viewers: Secret): Promise<ReadingKey[]> {
  const keys: ReadingKey[] = []
  for (let at = 0; at < source.size; ) {
    const here = await blockAt(source, at)
    if (typeof here !== 'object') break
    at = here.block.to
    if (here.block.what !== 'header') continue
    const { facts, segment, salt } = here.block.header
    const derived = await deriveSegmentKeys({ viewers }, { recording: facts.recording, segment, salt })
    keys.push({ segment, key: derived.viewers.toString('base64') })
    wipeSegmentKeys(derived)
  }
  return keys
}
