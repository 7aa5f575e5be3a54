import { Secret } from '../../kernel/secret.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import type { PasswordRule } from './rule.ts'
import { hasWord } from './words.ts'

/** A password that a rule allows is found within a few tries; a rule for which this is not enough is none that `ruleFor` answers. */
const tries = 10_000

/**
 * A password by this rule, as bytes: each that has a character of each class and no word in it is as likely as any other, since what does not fit is
 * thrown away whole and never mended.
 *
 * @param names what it must not hold either: names of the account
 */
export function makePassword({ length, alphabet }: Pick<PasswordRule, 'length' | 'alphabet'>, names: readonly string[] = []): Secret {
  const all = Buffer.from(alphabet.join(''), 'ascii')
  const classes = alphabet.map((c) => Buffer.from(c, 'ascii'))
  const text = Buffer.alloc(length)
  for (let n = 0; n < tries; n++) {
    drawInto(text, all)
    if (classes.every((c) => text.some((byte) => c.includes(byte))) && !hasWord(text, names)) return new Secret(text)
  }
  text.fill(0)
  throw new Error(`no password of ${length} characters of ${alphabet.length} classes was found in ${tries} tries`)
}

/** Fills `text` with characters, each as likely as any other: random bytes beyond the largest multiple of the number of characters are thrown away. */
export function drawInto(text: Buffer, characters: Buffer): void {
  const limit = 256 - (256 % characters.length)
  let random = randomSecretBytes(text.length * 2)
  let next = 0
  for (let i = 0; i < text.length; ) {
    if (next === random.length) {
      random.fill(0)
      random = randomSecretBytes(text.length)
      next = 0
    }
    const byte = random[next++] as number
    if (byte < limit) text[i++] = characters[byte % characters.length] as number
  }
  random.fill(0)
}
