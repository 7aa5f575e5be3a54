import { type Command, CommanderError } from 'commander'
import { CliError, exitCodes } from './kit/exit.ts'
import { type Io, Writer } from './kit/io.ts'
import { Printer } from './kit/printer.ts'
import { makeProgram } from './program.ts'

/** Runs one command line and answers the exit code; undefined when the command set its own (`connect` passes ssh's on). */
export async function runCli(args: readonly string[], io: Io): Promise<number | undefined> {
  const program = makeProgram(io)
  const ends = args.indexOf('--')
  const json = args.slice(0, ends < 0 ? undefined : ends).includes('--json')
  try {
    await program.parseAsync(args, { from: 'user' })
    return undefined
  } catch (error) {
    if (error instanceof CommanderError && asked.has(error.code)) return exitCodes.ok
    // without a subcommand commander has shown the help already
    if (error instanceof CommanderError && error.code === 'commander.help' && !json) return exitCodes.usage
    const known = error instanceof CommanderError ? usageError(error, program, args) : error
    new Printer(new Writer(io), json).error(known)
    return known instanceof CliError ? exitCodes[known.exit] : exitCodes.failed
  }
}

const asked = new Set(['commander.helpDisplayed', 'commander.version'])

/** What commander found wrong with the arguments, as ours, with the help page of the command that was meant. */
function usageError({ code, message }: CommanderError, program: Command, args: readonly string[]): CliError {
  const path: string[] = []
  for (let at: Command | undefined = program; at; path.push(at.name())) {
    const { commands }: Command = at
    at = commands.find((command) => command.name() === args.filter((arg) => !arg.startsWith('-'))[path.length])
    if (!at) break
  }
  const text = code === 'commander.help' ? 'Which command?' : message.replace(/^error: /, '').replaceAll('\n', ' ')
  return new CliError('usage', text, ['claviger', ...path, '--help'].join(' '), { code: 'cli.usage' })
}
