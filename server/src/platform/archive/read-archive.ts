import { type ArchiveFile, checksum } from './write-archive.ts'

const block = 512

/** What is wrong with an archive; the message is for the person who gave it. */
export class BadArchive extends Error {}

/**
 * Reads an archive as `writeArchive` writes it, one file in memory at a time: plain files with safe relative names, none longer than `longest`
 * says for its name. Throws `BadArchive` at anything else, and where it ends too early.
 */
export async function* readArchive(source: AsyncIterable<Uint8Array>, longest: (name: string) => number): AsyncGenerator<ArchiveFile> {
  const bytes = new Taking(source)
  for (;;) {
    const header = await bytes.take(block)
    if (!header) throw new BadArchive('It ends too early: it was cut off.')
    if (header.every((b) => b === 0)) break
    const { name, size } = readHeader(header)
    if (size > longest(name)) throw new BadArchive(`It holds ${name}, which is longer than anything that belongs there.`)
    const content = await bytes.take(size)
    const padding = (block - (size % block)) % block
    if (!content || !(await bytes.take(padding))) throw new BadArchive('It ends too early: it was cut off.')
    yield { name, bytes: content }
  }
  // to the very end: only then the encryption below has said that nothing was cut off
  const last = await bytes.take(block)
  if (!last?.every((b) => b === 0) || (await bytes.take(1))) throw new BadArchive('It does not end as an archive of ours does.')
}

function readHeader(header: Buffer): { name: string; size: number } {
  const field = (at: number, length: number) => {
    const raw = header.subarray(at, at + length)
    const end = raw.indexOf(0)
    return raw.subarray(0, end < 0 ? length : end).toString('utf8')
  }
  const name = field(0, 100)
  const size = field(124, 12)
  const right =
    field(257, 6) === 'ustar' &&
    field(156, 1) === '0' &&
    field(157, 100) === '' &&
    /^[0-7]{11}$/.test(size) &&
    Number.parseInt(field(148, 8), 8) === checksum(header)
  const safe = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(name)
  if (!right || !safe) throw new BadArchive('It is no archive of ours.')
  return { name, size: Number.parseInt(size, 8) }
}

/** Hands out exactly so many bytes of what comes in whatever parts. */
class Taking {
  readonly #source: AsyncIterator<Uint8Array>
  #held: Uint8Array[] = []
  #length = 0

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Undefined when it ends before. */
  async take(wanted: number): Promise<Buffer | undefined> {
    while (this.#length < wanted) {
      const next = await this.#source.next()
      if (next.done) return undefined
      this.#held.push(next.value)
      this.#length += next.value.length
    }
    const all = Buffer.concat(this.#held)
    this.#held = all.length > wanted ? [all.subarray(wanted)] : []
    this.#length = all.length - wanted
    return all.subarray(0, wanted)
  }
}
