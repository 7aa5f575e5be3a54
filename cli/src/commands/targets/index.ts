import type { CommandFile } from '../../kit/command.ts'
import { targetsAdd } from './add.ts'
import { targetsChange } from './change.ts'
import { targetsDiscover } from './discover.ts'
import { targetsIdentify } from './identify.ts'
import { targetsKinds } from './kinds.ts'
import { targetsList } from './list.ts'
import { targetsShow } from './show.ts'

/** `claviger targets` lists; its subcommands add, change and look. */
export const targets: CommandFile = (cli, act) => {
  const group = targetsList(cli, act)
  for (const command of [targetsShow, targetsKinds, targetsIdentify, targetsAdd, targetsChange, targetsDiscover]) command(group, act)
  return group
}
