import { CardMask } from './card-mask.ts'

/** So long, in milliseconds, what may be part of a card number waits for the rest; with a flush every half second it is on the disk within one. */
const longestWait = 400

/** Masks a stream as it comes. Nothing waits for ever: who types slowly finds the first six digits in the recording, and no other. */
export class CardHold {
  readonly #mask: CardMask
  readonly #out: (bytes: Uint8Array) => void
  #timer: NodeJS.Timeout | undefined

  constructor(columns: number | undefined, out: (bytes: Uint8Array) => void) {
    this.#mask = new CardMask(columns === undefined ? {} : { columns })
    this.#out = out
  }

  push(bytes: Uint8Array): void {
    this.#tell(this.#mask.push(bytes))
    if (!this.#mask.waits) this.#calm()
    else this.#timer ??= setTimeout(() => this.#late(), longestWait)
  }

  resize(columns: number): void {
    this.#mask.resize(columns)
  }

  end(): void {
    this.#calm()
    this.#tell(this.#mask.end())
  }

  #late(): void {
    this.#timer = undefined
    this.#tell(this.#mask.early())
  }

  #calm(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #tell(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#out(bytes)
  }
}
