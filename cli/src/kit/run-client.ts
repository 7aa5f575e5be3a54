import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { CliError } from './exit.ts'

/**
 * Runs a person's own client of databases on this very terminal and answers its exit status; 128 + signal when it was killed, as shells say it.
 * `install` is what to type where it is not there.
 */
export async function runClient(program: string, args: readonly string[], env: NodeJS.ProcessEnv, install: string): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', env })
  // Ctrl-C belongs to the session: the client gets it too and cancels its statement. Who ends us ends the client, so that our files go.
  const ignore = () => undefined
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  process.on('SIGINT', ignore).on('SIGTERM', pass).on('SIGHUP', pass)
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', () => reject(new CliError('failed', `${program} is not installed.`, install)))
      child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']))
    })
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', pass).off('SIGHUP', pass)
  }
}
