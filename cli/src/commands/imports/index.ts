import type { CommandFile } from '../../kit/command.ts'
import { importsList } from './list.ts'
import { importsRotate } from './rotate.ts'

/** `claviger imports` lists; its subcommand orders first rotations. */
export const imports: CommandFile = (cli, act) => {
  const group = importsList(cli, act)
  importsRotate(group, act)
  return group
}
