import type { Command } from 'commander'
import type { Io } from './io.ts'
import { type GlobalOptions, Shell } from './shell.ts'

/** What a command does once its arguments are read: operands in order, then its options. */
export type Run<O> = (shell: Shell, options: O, ...operands: string[]) => Promise<void>

/** Turns a `Run` into what commander calls. */
export type Act = <O>(run: Run<O>) => (...all: unknown[]) => Promise<void>

/** A command file exports one of these: it adds itself to the program or to its group. */
export type CommandFile = (cli: Command, act: Act) => Command

export const actIn =
  (io: Io): Act =>
  (run) =>
  async (...all) => {
    const command = all.at(-1) as Command
    const options = command.optsWithGlobals<GlobalOptions>()
    const shell = new Shell(io, options)
    // variadic operands (`-- command…`) come as one array
    const operands = all.slice(0, -2).flat() as string[]
    try {
      await run(shell, options as never, ...operands)
    } finally {
      shell.ask.close()
    }
  }
