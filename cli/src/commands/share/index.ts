import type { CommandFile } from '../../kit/command.ts'
import { shareKey } from './key.ts'
import { shareOpen } from './open.ts'

/** What a custodian does on a machine of their own; none of it speaks with a server. */
export const share: CommandFile = (cli, act) => {
  const group = cli
    .command('share')
    .summary('for custodians: a key of your own, and the share that was encrypted to it')
    .description(
      'A custodian makes a key once, gives its public half to whoever leads the ceremony, and opens what was encrypted to it. Files are those of age: age -d opens them, too.',
    )
  for (const command of [shareKey, shareOpen]) command(group, act)
  return group
}
