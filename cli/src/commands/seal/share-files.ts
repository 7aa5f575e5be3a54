import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Custodian } from '../../kit/custodians.ts'
import { CliError } from '../../kit/exit.ts'
import { isP256File } from '../../kits/p256.ts'

/** Before there are shares that could be lost. */
export function madeReady(folder: string): void {
  try {
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new CliError(
      'failed',
      `${folder} cannot be written to (${(cause as NodeJS.ErrnoException).code}). Name another folder; nothing was done.`,
    )
  }
}

/** Each share in a file of its own, readable by its owner alone. `anew`: what to do when one cannot be written. */
export function writeShares(
  folder: string,
  { shares, set }: { shares: readonly string[]; set: string },
  anew: string,
  custodians: readonly Custodian[] = [],
): string[] {
  return shares.map((share, i) => {
    const to = custodians[i]?.name.replaceAll(/[^\w.@-]/g, '-')
    const file = join(folder, `claviger-share-${set}-${i + 1}${to ? `-${to}.${isP256File(share) ? 'p256' : 'age'}` : ''}`)
    try {
      writeFileSync(file, `${share.trimEnd()}\n`, { mode: 0o600, flag: 'wx' })
    } catch (cause) {
      throw new CliError(
        'failed',
        `${file} could not be written (${(cause as NodeJS.ErrnoException).code}). ${anew} with another folder: these shares are lost.`,
      )
    }
    return file
  })
}
