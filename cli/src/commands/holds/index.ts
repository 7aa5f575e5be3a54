import type { CommandFile } from '../../kit/command.ts'
import { holdsLift } from './lift.ts'
import { holdsList } from './list.ts'
import { holdsPlace } from './place.ts'

/** Legal holds: what nothing destroys. */
export const holds: CommandFile = (cli, act) => {
  const group = cli
    .command('holds')
    .summary('legal holds on recordings')
    .description(
      'While a hold is placed, nothing destroys the recordings that it covers. Another officer lifts it than the one who placed it.',
    )
  for (const command of [holdsList, holdsPlace, holdsLift]) command(group, act)
  return group
}
