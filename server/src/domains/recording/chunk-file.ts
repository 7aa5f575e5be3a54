import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file that only grows. Every call may throw what the system says; there is no second try: what was not written is not there. */
export class ChunkFile {
  /** Those that this process writes. */
  static readonly #open = new Set<string>()
  readonly #path: string
  readonly #file: FileHandle
  #length: number

  private constructor(path: string, file: FileHandle, length: number) {
    this.#path = path
    this.#file = file
    this.#length = length
    ChunkFile.#open.add(path)
  }

  /** Makes the file, mode 0640; EEXIST when something of that name is there. Its name is durable when this returns. */
  static async create(path: string): Promise<ChunkFile> {
    const file = await open(path, 'wx', 0o640)
    // whatever the umask of this process is
    await file.chmod(0o640)
    const folder = await open(dirname(path), 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
    return new ChunkFile(path, file, 0)
  }

  /** Goes on with a file after its first `length` bytes; what follows them is cut off. */
  static async resume(path: string, length: number): Promise<ChunkFile> {
    const file = await open(path, 'r+')
    await file.truncate(length)
    return new ChunkFile(path, file, length)
  }

  get length(): number {
    return this.#length
  }

  async append(...parts: Uint8Array[]): Promise<void> {
    let [rest, at] = [parts.filter((part) => part.length > 0), this.#length]
    while (rest.length > 0) {
      const { bytesWritten } = await this.#file.writev(rest, at)
      at += bytesWritten
      rest = without(bytesWritten, rest)
    }
    this.#length = at
  }

  async sync(): Promise<void> {
    await this.#file.datasync()
  }

  async close(): Promise<void> {
    await this.#file.close()
    ChunkFile.#open.delete(this.#path)
  }

  /** Whether this process is not done with a file, whatever others say of it. */
  static isOpen(path: string): boolean {
    return ChunkFile.#open.has(path)
  }
}

/** What is left of the parts after their first `count` bytes; no part is empty. */
function without(count: number, parts: Uint8Array[]): Uint8Array[] {
  for (const [index, part] of parts.entries()) {
    if (count < part.length) return [part.subarray(count), ...parts.slice(index + 1)]
    count -= part.length
  }
  return []
}
