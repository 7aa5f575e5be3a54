import type { ProvenLine } from '../proven-input.ts'
import { CardHold } from './card-hold.ts'
import { CardMask } from './card-mask.ts'
import { maskCards } from './mask-text.ts'

/** What is done to everything of a session before it is written down. Bytes come back by `append`, perhaps later than they were given. */
export interface Stored {
  output(bytes: Uint8Array): void
  unproven(bytes: Uint8Array): void
  proven(line: ProvenLine): Uint8Array
  undecided(bytes: Uint8Array): Uint8Array
  text(text: string): string
  resize(columns: number): void
  /** Nothing more of its streams comes. */
  end(): void
}

export interface StoredAs {
  output(bytes: Uint8Array): void
  unproven(bytes: Uint8Array): void
}

/** As it is. */
export const storedAsIs = (append: StoredAs): Stored => ({
  output: (bytes) => append.output(bytes),
  unproven: (bytes) => append.unproven(bytes),
  proven: ({ bytes }) => bytes,
  undecided: (bytes) => bytes,
  text: (text) => text,
  resize: () => {},
  end: () => {},
})

/** Without card numbers and codes (docs/security.md says which, and what cannot be seen). */
export function storedWithoutCards(append: StoredAs, columns: number | undefined): Stored {
  const output = new CardHold(columns, (bytes) => append.output(bytes))
  const unproven = new CardHold(undefined, (bytes) => append.unproven(bytes))
  return {
    output: (bytes) => output.push(bytes),
    unproven: (bytes) => unproven.push(bytes),
    proven({ bytes }) {
      const mask = new CardMask()
      return Buffer.concat([mask.push(bytes), mask.end()])
    },
    // copies for the case of a crash, cut wherever a flush came: what they may belong to is not known
    undecided: (bytes) => Uint8Array.from(bytes, (byte) => (byte >= 0x30 && byte <= 0x39 ? 0x58 : byte)),
    text: (text) => maskCards(text),
    resize: (to) => output.resize(to),
    end() {
      output.end()
      unproven.end()
    },
  }
}
