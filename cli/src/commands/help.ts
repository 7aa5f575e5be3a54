import type { Command } from 'commander'
import type { CommandFile, Run } from '../kit/command.ts'
import { CliError, exitCodes, exitWords } from '../kit/exit.ts'
import { environmentWords } from '../kit/settings.ts'
import type { GlobalOptions } from '../kit/shell.ts'

/** Topics that belong to no command. */
const topics: Record<string, () => string> = {
  'exit-codes': () => list(Object.entries(exitCodes).map(([name, code]) => [String(code), exitWords[name as keyof typeof exitCodes]])),
  environment: () => list(Object.entries(environmentWords)),
}

export const help: CommandFile = (cli, act) =>
  cli
    .command('help [topic...]')
    .summary('help for a command, or: exit-codes, environment')
    .description('Shows the help of a command, or one of the topics exit-codes and environment.')
    .action(act(run(cli)))

const run =
  (program: Command): Run<GlobalOptions> =>
  async ({ print }, _options, ...path) => {
    const topic = path.join(' ')
    const text = topics[topic]?.()
    const command = text === undefined ? find(program, path) : undefined
    print.answer({ topic, text: text ?? command?.helpInformation() }, () => (command ? command.outputHelp() : print.raw(text ?? '')))
  }

function find(program: Command, path: readonly string[]): Command {
  const found = path.reduce<Command | undefined>((at, name) => at?.commands.find((c) => c.name() === name), program)
  if (!found) throw new CliError('usage', `There is no help on "${path.join(' ')}".`, 'claviger help')
  return found
}

function list(rows: [string, string][]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}\n`).join('')
}
