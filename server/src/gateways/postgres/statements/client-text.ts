import { isAscii, type ReadText, readerFor, type TextReader } from '../../../protocols/postgres/index.ts'

/** Text as the session's encoding of that moment has it. */
export interface ClientRead extends ReadText {
  /** A statement that was sent before may have changed the encoding, and the server has not said so yet. */
  unsureEncoding: boolean
}

/** Which encoding a session's text is in: the server reports it, at the latest with the next ReadyForQuery. */
export class ClientText {
  #server = 'UTF8'
  #client = 'UTF8'
  #reader: TextReader = readerFor('UTF8')
  #unsure = false
  #plainStrings = false

  /** A backslash in a literal is one, and nothing that was sent before can change that. */
  get plainStrings(): boolean {
    return this.#plainStrings && !this.#unsure
  }

  /** The server says what a setting is now. */
  reported(name: string, value: string): void {
    if (name === 'server_encoding') this.#server = value
    else if (name === 'client_encoding') this.#client = value
    else if (name === 'standard_conforming_strings') {
      this.#plainStrings = value === 'on'
      return
    } else return
    // without an encoding of its own the client speaks that of the database, and nothing is converted
    this.#reader = readerFor(this.#client === 'SQL_ASCII' ? this.#server : this.#client)
  }

  /** A statement was sent: whatever it does, it may have another encoding set. */
  ran(): void {
    this.#unsure = true
  }

  /** Everything that was sent is answered. */
  settled(): void {
    this.#unsure = false
  }

  /** As text is read at this moment, whatever is set later. */
  get reader(): TextReader {
    return this.#reader
  }

  read = (bytes: Uint8Array): ClientRead => {
    const { text, escaped } = this.#reader(bytes)
    return { text, escaped, unsureEncoding: this.#unsure && !isAscii(bytes) }
  }
}
