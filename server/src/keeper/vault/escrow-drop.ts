import type { KeeperFolder } from '../state/folder.ts'
import { type Escrowed, escrowFile, readEscrowLine } from './escrow.ts'
import { joinLines, linesOf } from './escrow-lines.ts'

/**
 * Takes the lines of destroyed versions out of the escrow: it is written anew beside itself and takes its own place in one step. Between reading and
 * renaming there is no pause, and this process alone writes here. Answers how many.
 */
export function dropFromEscrow(folder: KeeperFolder, isGone: (line: Omit<Escrowed, 'created_at'>) => boolean): number {
  const lines = linesOf(folder.read(escrowFile) ?? Buffer.alloc(0))
  const kept = lines.filter((raw) => {
    const line = readEscrowLine(raw)
    return line === undefined || !isGone(line)
  })
  if (kept.length < lines.length) folder.write(escrowFile, joinLines(kept))
  return lines.length - kept.length
}
