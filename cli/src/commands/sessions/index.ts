import type { CommandFile } from '../../kit/command.ts'
import { sessionsAllow, sessionsRefuse } from './allow.ts'
import { sessionsAsks } from './asks.ts'
import { sessionsCommands } from './commands.ts'
import { sessionsEnd } from './end.ts'
import { sessionsExport } from './export.ts'
import { sessionsFiles } from './files.ts'
import { sessionsForwards } from './forwards.ts'
import { sessionsKept } from './kept.ts'
import { sessionsLimits } from './limits.ts'
import { sessionsList } from './list.ts'
import { sessionsEndAll, sessionsMessage, sessionsResume, sessionsSuspend } from './order.ts'
import { sessionsPlay } from './play.ts'
import { sessionsRenew } from './renew.ts'
import { sessionsSave } from './save.ts'
import { sessionsSearch } from './search.ts'
import { sessionsShow } from './show.ts'
import { sessionsStatements } from './statements.ts'
import { sessionsStorage } from './storage.ts'
import { sessionsUnproven } from './unproven/index.ts'
import { sessionsVerify } from './verify.ts'
import { sessionsWatch } from './watch.ts'

/** What went through the gateways. */
export const sessions: CommandFile = (cli, act) => {
  const group = cli
    .command('sessions')
    .summary('recorded sessions: list, search, watch, replay, end')
    .description('Lists sessions and shows what happened in them. Watching a recording is itself recorded.')
  for (const command of [
    sessionsList,
    sessionsLimits,
    sessionsSearch,
    sessionsShow,
    sessionsWatch,
    sessionsPlay,
    sessionsCommands,
    sessionsStatements,
    sessionsFiles,
    sessionsForwards,
    sessionsUnproven,
    sessionsExport,
    sessionsSave,
    sessionsVerify,
    sessionsRenew,
    sessionsAsks,
    sessionsAllow,
    sessionsRefuse,
    sessionsMessage,
    sessionsSuspend,
    sessionsResume,
    sessionsEnd,
    sessionsEndAll,
    sessionsKept,
    sessionsStorage,
  ])
    command(group, act)
  return group
}
