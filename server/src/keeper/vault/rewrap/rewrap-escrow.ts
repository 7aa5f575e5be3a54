import { setImmediate as breathe } from 'node:timers/promises'
import type { KeeperFolder } from '../../state/folder.ts'
import { escrowFile, escrowLine, readEscrowLine } from '../escrow.ts'
import { joinLines, linesOf } from '../escrow-lines.ts'
import type { LocationKeys } from '../location-keys.ts'
import { rewrapDataKey } from './rewrap-data-key.ts'

const linesAtOnce = 200

/**
 * Writes the escrow anew, with each data key under the newest location key; ciphertexts stay, and a line that does not open or cannot be read stays as
 * it is. Into a file beside it, which takes its place in one step with whatever was appended meanwhile. False when it was not needed, or `over` said so.
 */
export async function rewrapEscrow(folder: KeeperFolder, keys: LocationKeys, over: () => boolean): Promise<boolean> {
  const fresh: Buffer[] = []
  let [done, changed] = [0, false]
  const take = (lines: readonly Buffer[]): void => {
    for (const raw of lines) {
      const line = readEscrowLine(raw)
      const wrapped = line && rewrapDataKey(keys, line, line.wrapped_key)
      if (line && wrapped && !wrapped.equals(line.wrapped_key)) {
        changed = true
        fresh.push(Buffer.from(escrowLine({ ...line, wrapped_key: wrapped }, line.at)))
      } else fresh.push(raw)
    }
  }
  for (;;) {
    const lines = linesOf(folder.read(escrowFile) ?? Buffer.alloc(0))
    // what stands behind the last line break was cut off, or is being written by nobody: this process alone writes here
    const left = lines.slice(done, -1)
    const last = left.length <= linesAtOnce
    for (let at = 0; at < left.length; at += linesAtOnce) {
      if (over()) return false
      take(left.slice(at, at + linesAtOnce))
      if (!last) await breathe()
    }
    done += left.length
    // nothing was appended since this was read: from reading to renaming there was no pause
    if (last) {
      if (changed) folder.write(escrowFile, joinLines([...fresh, Buffer.alloc(0)]))
      return changed
    }
  }
}
