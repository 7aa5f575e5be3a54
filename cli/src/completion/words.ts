import type { Command } from 'commander'
import { type Kind, kindOf } from './kinds.ts'

/** What may follow a path of commands: for `audit`, its subcommands and options; for `targets show`, the names of targets too. */
export interface Next {
  words: string[]
  /** What the arguments are the names of. */
  kind?: Kind
}

/** Key is the path of commands, `` for the program itself. */
export type Words = Map<string, Next>

/** Reads the words from the declared commands, so that completion cannot fall behind them. */
export function wordsOf(program: Command): Words {
  const words: Words = new Map()
  const global = program.options.flatMap((option) => option.long ?? [])
  const visit = (command: Command, path: string[]) => {
    const below = command.commands.map((c) => c.name())
    const choices = command.registeredArguments.flatMap((argument) => argument.argChoices ?? [])
    const options = command.options.flatMap((option) => option.long ?? [])
    const kind = command.registeredArguments.map((argument) => kindOf(argument.name())).find((k) => k !== undefined)
    words.set(path.join(' '), {
      words: [...below, ...choices, ...new Set([...options, ...global, '--help'])],
      ...(kind && { kind }),
    })
    for (const sub of command.commands) visit(sub, [...path, sub.name()])
  }
  visit(program, [])
  return words
}
