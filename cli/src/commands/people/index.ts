import type { CommandFile } from '../../kit/command.ts'
import { peopleConfirm, peopleDisable, peopleEnable, peopleLeave, peopleReset } from './change.ts'
import { peopleInvite } from './invite.ts'
import { peopleJoin } from './join.ts'
import { peopleList } from './list.ts'
import { peopleReinvite } from './reinvite.ts'
import { peopleRemoveAuthenticator, peopleRemoveKey } from './remove.ts'
import { peopleRemovePasskey } from './remove-passkey.ts'
import { peopleShow } from './show.ts'

/** `claviger people` lists; its subcommands show one, bring in, shut out. */
export const people: CommandFile = (cli, act) => {
  const group = peopleList(cli, act)
  for (const command of [
    ...[peopleShow, peopleInvite, peopleReinvite, peopleConfirm, peopleDisable, peopleEnable],
    ...[peopleJoin, peopleLeave, peopleRemoveKey, peopleRemovePasskey, peopleRemoveAuthenticator, peopleReset],
  ])
    command(group, act)
  return group
}
