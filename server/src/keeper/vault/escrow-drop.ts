import type { KeeperFolder } from '../state/folder.ts'
import { escrowFile, readEscrowLine } from './escrow.ts'
import { joinLines, linesOf } from './escrow-lines.ts'

/**
 * Takes the lines of destroyed versions out of the escrow: it is written anew beside itself and takes its own place in one step. Between reading and
 * renaming there is no pause, and this process alone writes here. Answers how many.
 */
export function dropFromEscrow(folder: KeeperFolder, isGone: (account: string, credential: string, version: number) => boolean): number {
  const lines = linesOf(folder.read(escrowFile) ?? Buffer.alloc(0))
  const kept = lines.filter((raw) => {
    const line = readEscrowLine(raw)
    return !(line?.owner_kind === 'account' && isGone(line.owner_id, line.what, line.version))
  })
  if (kept.length < lines.length) folder.write(escrowFile, joinLines(kept))
  return lines.length - kept.length
}
