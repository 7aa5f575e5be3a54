import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of one's own for what ssh and psql must read from a file: in memory where the machine has such a place. Gone when `fn` is done. */
export async function withScratch<T>(fn: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'claviger-kit-'))
  const leave = () => rmSync(folder, { recursive: true, force: true })
  const stopped = () => {
    leave()
    process.exit(129)
  }
  process.once('SIGTERM', stopped).once('SIGHUP', stopped)
  try {
    return await fn(folder)
  } finally {
    process.off('SIGTERM', stopped).off('SIGHUP', stopped)
    leave()
  }
}
