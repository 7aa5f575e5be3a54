import { passing, type ScrubStream, scrubStreams } from '../../kernel/scrub-stream.ts'
import type { Secret } from '../../kernel/secret.ts'

/** Masks the credential that the target was given wherever a session would write it down: in output, in what is typed unseen, in texts. */
export class CredentialMasks {
  #output = passing
  #unseen = passing
  #whole = passing

  /** The bytes stay the credential's; what is held here of them is wiped by the next one, and by `wipe`. */
  async of(credential: Secret): Promise<void> {
    this.wipe()
    const [output = passing, unseen = passing, whole = passing] = await scrubStreams(credential, 3)
    this.#output = output
    this.#unseen = unseen
    this.#whole = whole
  }

  get output(): ScrubStream {
    return this.#output
  }

  get unseen(): ScrubStream {
    return this.#unseen
  }

  /** Of bytes that stand alone; what begins like the credential at their end goes too. Their number stays. */
  alone(bytes: Uint8Array): Buffer {
    const all = asBuffer(bytes)
    return this.#whole === passing ? all : Buffer.concat([this.#whole.push(all), this.#whole.end()])
  }

  text(text: string): string {
    return this.#whole === passing ? text : this.alone(Buffer.from(text)).toString()
  }

  /** Whether these bytes could hold the credential. Says yes too often, and is cheap. */
  touches(bytes: Buffer): boolean {
    return this.#whole.touches(bytes)
  }

  wipe(): void {
    for (const stream of [this.#output, this.#unseen, this.#whole]) stream.wipe()
  }
}

/** The same bytes, not copied. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
