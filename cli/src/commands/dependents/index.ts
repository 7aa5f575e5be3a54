import type { CommandFile } from '../../kit/command.ts'
import { dependentsAdd } from './add.ts'
import { dependentsConfirm, dependentsRemove } from './decide.ts'
import { dependentsList } from './list.ts'
import { dependentsLook, dependentsTell } from './tell.ts'

/** `claviger dependents` lists; its subcommands change. */
export const dependents: CommandFile = (cli, act) => {
  const group = dependentsList(cli, act)
  for (const command of [dependentsAdd, dependentsConfirm, dependentsLook, dependentsTell, dependentsRemove]) command(group, act)
  return group
}
