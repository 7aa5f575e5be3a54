import type { KeeperKeys } from '../keys.ts'
import { readAbout } from '../vault/about.ts'
import { bitsOfKey, guessBits } from './strength.ts'

/** What is kept of a credential beside it, to find it again without opening it. */
export interface Marks {
  /** Keyed hash of it; of an SSH key, of its public half. Equal where a credential is used twice. */
  fingerprint: Buffer
  /** Keyed hash of what is left without capitals, digits that stand for letters, and what stands around; null where less than four letters are. */
  likeness: Buffer | null
  /** How much somebody has to try: by construction where we made it, else as it looks. Null where nobody can say. */
  bits: number | null
}

/** @param what a kind of credential */
export function marksOf(
  keys: Pick<KeeperKeys, 'secretHash'>,
  what: string,
  secret: Uint8Array,
  publicLine: string | null,
  madeWith?: number,
): Marks {
  const about = readAbout(publicLine)
  if (what !== 'password' && what !== 'ssh-key')
    return {
      // by the key where there is one: its certificate is another with each renewal
      fingerprint: typeof about?.key === 'string' ? keys.secretHash('public', Buffer.from(about.key)) : keys.secretHash('whole', secret),
      likeness: null,
      bits: what === 'api-key' ? guessBits(secret) : typeof about?.bits === 'number' ? about.bits : null,
    }
  const blob = publicLine?.split(' ')[1]
  if (what !== 'password')
    return {
      fingerprint: blob === undefined ? keys.secretHash('whole', secret) : keys.secretHash('public', Buffer.from(blob, 'base64')),
      likeness: null,
      bits: publicLine === null ? null : bitsOfKey(publicLine),
    }
  const stem = stemOf(secret)
  const marks = {
    fingerprint: keys.secretHash('whole', secret),
    likeness: stem.length < 4 ? null : keys.secretHash('stem', stem),
    bits: madeWith ?? guessBits(secret),
  }
  stem.fill(0)
  return marks
}

/** What people write for a letter. */
const standsFor: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}
const swaps = new Map(Object.entries(standsFor).map(([sign, letter]) => [sign.charCodeAt(0), letter.charCodeAt(0)]))
const isLetter = (byte: number): boolean => (byte | 32) >= 97 && (byte | 32) <= 122

/** `$ummer-2025!` and `Summer-2026?` come to the same: what is changed first when a password has to be another one is left away. */
function stemOf(secret: Uint8Array): Buffer {
  const behind = secret.findLastIndex((byte) => isLetter(byte)) + 1
  const stem = Buffer.alloc(behind)
  let size = 0
  for (let i = 0; i < behind; i++) {
    const byte = swaps.get(secret[i] as number) ?? (secret[i] as number)
    if (isLetter(byte)) stem[size++] = byte | 32
  }
  return stem.subarray(0, size)
}
