import type { CommandFile } from '../../kit/command.ts'
import { accountsChange } from './change.ts'
import { accountsHistory } from './history.ts'
import { accountsHold } from './hold.ts'
import { accountsList } from './list.ts'
import { accountsLogins } from './logins.ts'
import { accountsObserve } from './observe.ts'
import { accountsPlan } from './plan.ts'
import { accountsReconcile } from './reconcile.ts'
import { accountsRelease } from './release.ts'
import { accountsShow } from './show.ts'
import { accountsStanding } from './standing.ts'
import { accountsVerify } from './verify.ts'

/** `claviger accounts` lists; its subcommands tell of one. */
export const accounts: CommandFile = (cli, act) => {
  const group = accountsList(cli, act)
  for (const command of [
    accountsShow,
    accountsHistory,
    accountsChange,
    accountsStanding,
    accountsReconcile,
    accountsHold,
    accountsRelease,
    accountsVerify,
    accountsObserve,
    accountsLogins,
    accountsPlan,
  ])
    command(group, act)
  return group
}
