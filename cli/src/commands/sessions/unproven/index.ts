import type { CommandFile } from '../../../kit/command.ts'
import { unprovenAsk } from './ask.ts'
import { unprovenApprove, unprovenWithdraw } from './decide.ts'
import { unprovenList } from './list.ts'
import { unprovenShow } from './show.ts'

/** What was typed unseen, which two officers open together. */
export const sessionsUnproven: CommandFile = (cli, act) => {
  const group = cli
    .command('unproven')
    .summary('what was typed unseen: ask for it, approve it, see it')
    .description(
      'What the target did not echo (passwords, but also what is typed after stty -echo), and statements as they were before masking, lies under a key that two security officers open together: one asks, another approves, each with a code; for an hour, three looks.',
    )
  for (const command of [unprovenAsk, unprovenApprove, unprovenShow, unprovenWithdraw, unprovenList]) command(group, act)
  return group
}
