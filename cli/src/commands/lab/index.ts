import type { CommandFile } from '../../kit/command.ts'
import { labCode } from './code.ts'
import { labPassword } from './password.ts'

/** What the lab's sample people would have in their heads and pockets. Works only where the lab runs, for who started it. */
export const lab: CommandFile = (cli, act) => {
  const group = cli
    .command('lab')
    .summary("codes and passwords of the lab's sample people")
    .description(
      "Stands in for the heads and pockets of the lab's people: alice, bob, carol and dave. Reads the lab's own files on this machine.",
    )
  for (const command of [labCode, labPassword]) command(group, act)
  return group
}
