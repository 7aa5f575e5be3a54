import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'

const mostBytes = 256

/** Reads the PIN in a file that nobody but its owner can read, without the end of the line. Else a sentence that says what to do. */
export function readPin(file: string): Result<Secret, string> {
  let handle: number
  try {
    // a pipe that nobody writes to would hold us
    handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'is not there' : code === 'EACCES' ? 'cannot be read by the keeper' : `cannot be read (${code})`
    return fail(`The file with the PIN, ${file}, ${why}. Put it there, for uid ${process.getuid?.()} alone: mode 0400.`)
  }
  const bytes = Buffer.alloc(mostBytes)
  try {
    const { mode } = fstatSync(handle)
    if ((mode & constants.S_IFMT) !== constants.S_IFREG || (mode & 0o077) !== 0)
      return fail(`The file with the PIN, ${file}, can be read by others than its owner: chmod 0400, and think of a new PIN.`)
    let length = readSync(handle, bytes)
    while (length > 0 && (bytes[length - 1] === 0x0a || bytes[length - 1] === 0x0d)) length -= 1
    if (length === 0 || length === mostBytes)
      return fail(`The file with the PIN, ${file}, holds no PIN: one line, at most ${mostBytes - 1} bytes.`)
    return ok(new Secret(Uint8Array.from(bytes.subarray(0, length))))
  } finally {
    bytes.fill(0)
    closeSync(handle)
  }
}
