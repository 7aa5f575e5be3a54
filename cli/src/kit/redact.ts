// Whatever the CLI prints goes through here last, so that a token that slipped into a message is not left in a terminal or a log.

const formats = [
  // our tokens: sign-in, one-time and enrolment tokens, connection tickets
  /\bclv[a-z]*_[A-Za-z0-9_-]{16,}/g,
  // shares of a seal
  /\bclvs-[0-9a-z-]{16,}/gi,
  /\b[Bb]earer\s+[A-Za-z0-9._~+/=-]{16,}/g,
  // private halves of age key pairs, to which backups are encrypted
  /\bAGE-SECRET-KEY-[A-Z0-9-]{20,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
]

export class Redactor {
  readonly #known = new Set<string>()

  /** Blanks this very text from now on: a token that we hold, whatever its format. */
  hide(secret: string): void {
    if (secret.length >= 8) this.#known.add(secret)
  }

  clean(text: string): string {
    let cleaned = text
    for (const secret of this.#known) cleaned = cleaned.replaceAll(secret, '[secret]')
    for (const format of formats) cleaned = cleaned.replace(format, '[secret]')
    return cleaned
  }
}
