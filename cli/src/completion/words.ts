import type { Command } from 'commander'

/** What may follow: for `audit`, its subcommands and options. Key is the path of commands, `` for the program itself. */
export type Words = Map<string, string[]>

/** Reads the words from the declared commands, so that completion cannot fall behind them. */
export function wordsOf(program: Command): Words {
  const words: Words = new Map()
  const global = program.options.flatMap((option) => option.long ?? [])
  const visit = (command: Command, path: string[]) => {
    const below = command.commands.map((c) => c.name())
    const options = command.options.flatMap((option) => option.long ?? [])
    words.set(path.join(' '), [...below, ...new Set([...options, ...global, '--help'])])
    for (const sub of command.commands) visit(sub, [...path, sub.name()])
  }
  visit(program, [])
  return words
}
