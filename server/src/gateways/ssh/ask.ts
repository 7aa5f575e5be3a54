import type { Environment } from '../../platform/ssh/index.ts'
import type { Terminal } from './terminal.ts'

/** What a person asked for on one channel, within bounds. */
export interface Ask {
  how: { kind: 'shell' } | { kind: 'exec'; command: string } | { kind: 'files'; command?: string }
  terminal: Terminal | undefined
  env: Environment
}

const longestCommand = 32 * 1024

/** Why a command is not carried; undefined when it is. */
export function commandRefused(command: string): string | undefined {
  if (command.length > longestCommand)
    return `The command is longer than ${longestCommand} characters. Send it as a script on standard input.`
  if (command.includes('\0')) return 'The command holds a NUL character, which no shell takes.'
  return undefined
}
