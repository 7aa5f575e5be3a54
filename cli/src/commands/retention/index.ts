import type { CommandFile } from '../../kit/command.ts'
import { retentionOver } from './anchor.ts'
import { retentionAdd, retentionChange, retentionRetire } from './change.ts'
import { retentionList } from './list.ts'

/** How long recordings are kept. */
export const retention: CommandFile = (cli, act) => {
  const group = cli
    .command('retention')
    .summary('how long recordings are kept')
    .description(
      'The classes by which recordings are kept, and the events from which they count. What takes space: claviger sessions storage.',
    )
  for (const command of [retentionList, retentionChange, retentionAdd, retentionRetire, retentionOver]) command(group, act)
  return group
}
