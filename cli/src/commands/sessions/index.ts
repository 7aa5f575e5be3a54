import type { CommandFile } from '../../kit/command.ts'
import { sessionsCommands } from './commands.ts'
import { sessionsEnd } from './end.ts'
import { sessionsFiles } from './files.ts'
import { sessionsList } from './list.ts'
import { sessionsPlay } from './play.ts'
import { sessionsShow } from './show.ts'
import { sessionsStatements } from './statements.ts'

/** What went through the gateways. */
export const sessions: CommandFile = (cli, act) => {
  const group = cli
    .command('sessions')
    .summary('recorded sessions: list, replay, end')
    .description('Lists sessions and shows what happened in them. Watching a recording is itself recorded.')
  for (const command of [sessionsList, sessionsShow, sessionsPlay, sessionsCommands, sessionsStatements, sessionsFiles, sessionsEnd])
    command(group, act)
  return group
}
