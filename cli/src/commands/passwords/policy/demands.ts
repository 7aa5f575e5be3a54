import type { Command } from 'commander'
import { CliError } from '../../../kit/exit.ts'
import type { GlobalOptions } from '../../../kit/shell.ts'
import { wholeNumber } from '../../../kit/whole-number.ts'
import { codeFile } from '../../people/change.ts'
import { parseSorts } from '../words.ts'

/** What a policy can demand, as options of adding and changing one. */
export interface DemandOptions extends GlobalOptions {
  length?: number
  of?: string
  without?: string
  exception?: string
  rotateAfter?: string
  codeFile?: string
}

export const withDemands = (command: Command): Command =>
  command
    .option(
      '--length <n>',
      'characters: 20 or more; for an exception exactly so many, 8 or more',
      wholeNumber('8 to 128 characters', 8, 128),
    )
    .option('--of <sorts>', 'sorts of character that each has: lower,upper,digit,symbol')
    .option('--without <characters>', 'characters that are left out, in one text')
    .option('--exception <reason>', 'why one target may have less than everyone else')
    .option('--rotate-after <days>', 'replaced after so many days at the latest, such as 7d; none for what the installation says')
    .option(...codeFile)

export function demandsOf(options: DemandOptions) {
  const { length, of, without, exception, rotateAfter } = options
  const days = rotateAfter === undefined ? undefined : rotateAfter === 'none' ? null : Number(/^([1-9]\d{0,2})d?$/.exec(rotateAfter)?.[1])
  if (days !== null && days !== undefined && !(days <= 365))
    throw new CliError('usage', `"${rotateAfter}" is no number of days from 1 to 365, nor "none".`, 'claviger passwords policy add --help')
  return {
    ...(length !== undefined && { length }),
    ...(of !== undefined && { classes: parseSorts(of) }),
    ...(without !== undefined && { excluded: without }),
    ...(exception !== undefined && { exception }),
    ...(days !== undefined && { maxAgeDays: days }),
  }
}
