import { inspect } from 'node:util'

/** Each reason for which a secret may be exposed. A grep for `.use(` reads as the list of exposures. */
export type Exposure =
  | 'seal'
  | 'send-over-keeper-socket'
  | 'log-in-to-target'
  | 'set-on-target'
  | 'tell-dependent'
  | 'scrub-from-output'
  | 'show-once-to-owner'
  | 'show-to-holder'
  | 'sign'
  | 'recognise'
  | 'unseal'
  | 'sign-for-bucket'

/**
 * A credential held in memory as bytes. Logging, printing or JSON-encoding one yields "[secret]".
 * Every holder wipes it when done; after that any use is a bug and throws.
 */
export class Secret {
  #bytes: Uint8Array | undefined

  /** Takes over `bytes`: the caller must not keep them. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  static fromText(text: string): Secret {
    return new Secret(new TextEncoder().encode(text))
  }

  /** Lends the bytes to `fn` and wipes them when it is done, whatever it came to. */
  async use<T>(why: Exposure, fn: (bytes: Uint8Array) => T | Promise<T>): Promise<T> {
    try {
      return await this.lend(why, fn)
    } finally {
      this.wipe()
    }
  }

  /** Lends the bytes without wiping: for the few places that need the same secret twice, who then call `wipe`. */
  async lend<T>(_why: Exposure, fn: (bytes: Uint8Array) => T | Promise<T>): Promise<T> {
    if (!this.#bytes) throw new Error('this secret was wiped already')
    return await fn(this.#bytes)
  }

  copy(): Secret {
    if (!this.#bytes) throw new Error('this secret was wiped already')
    return new Secret(Uint8Array.from(this.#bytes))
  }

  wipe(): void {
    this.#bytes?.fill(0)
    this.#bytes = undefined
  }

  toString(): string {
    return '[secret]'
  }
  toJSON(): string {
    return '[secret]'
  }
  [inspect.custom](): string {
    return '[secret]'
  }
}
