import { wordAt } from './words.ts'

/** How many there are of a sort of character, for whoever does not know which ones a person leaves out. */
const sorts: readonly [test: (byte: number) => boolean, size: number][] = [
  [(b) => b >= 97 && b <= 122, 26],
  [(b) => b >= 65 && b <= 90, 26],
  [(b) => b >= 48 && b <= 57, 10],
  [(b) => b < 48 || (b > 57 && b < 65) || (b > 90 && b < 97) || b > 122, 33],
]
/** A word of the list, with or without a capital. */
const bitsOfWord = 19

/**
 * At most so much somebody has to try to find a password that we did not make: each word counts as one of the list, a character that repeats or goes
 * on from the one before as one bit, any other as one of the sorts that there are. It is a bound from above: a name, a date or a keyboard's row looks
 * better than it is.
 */
export function guessBits(password: Uint8Array): number {
  const size = sorts.filter(([test]) => password.some(test)).reduce((n, [, count]) => n + count, 0)
  const each = Math.log2(Math.max(2, size))
  let bits = 0
  for (let at = 0; at < password.length; ) {
    const word = wordAt(password, at)
    const step = at === 0 ? undefined : (password[at] as number) - (password[at - 1] as number)
    bits += word > 0 ? Math.min(bitsOfWord, word * each) : step !== undefined && Math.abs(step) <= 1 ? 1 : each
    at += Math.max(1, word)
  }
  return bits
}

/** Bits of security of an SSH key by its public line (NIST SP 800-57, table 2); undefined kinds count as nothing. */
export function bitsOfKey(publicLine: string): number {
  const [kind = '', blob = ''] = publicLine.split(' ')
  if (kind === 'ssh-rsa') {
    // string "ssh-rsa", mpint e, mpint n (RFC 4253, 6.6)
    const modulus = Buffer.from(blob, 'base64').length - 22
    return modulus >= 384 ? 128 : modulus >= 256 ? 112 : 80
  }
  if (/^(sk-)?(ssh-ed25519|ecdsa-sha2-nistp(256|384|521))/.test(kind)) return 128
  return 0
}
