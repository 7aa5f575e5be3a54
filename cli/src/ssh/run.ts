import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { CliError } from '../kit/exit.ts'
import { gatewayAlias, sshFiles } from './identity.ts'

/** The arguments for ssh: our own configuration alone, so that nothing in the person's own changes where this goes. */
export function sshArguments(folder: string, user: string, command: readonly string[], tty: boolean): string[] {
  const terminal = command.length === 0 || tty ? ['-t'] : ['-T']
  return ['-F', sshFiles(folder).config, ...terminal, '-l', user, '--', gatewayAlias, ...command]
}

/** Runs the person's ssh on this very terminal and answers its exit status; 128 + signal when it was killed, as shells say it. */
export async function runSsh(folder: string, user: string, command: readonly string[], tty: boolean): Promise<number> {
  const child = spawn('ssh', sshArguments(folder, user, command, tty), { stdio: 'inherit' })
  // Ctrl-C belongs to the session: ssh gets it too and decides
  const ignore = () => undefined
  process.on('SIGINT', ignore)
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', () => reject(new CliError('failed', 'ssh is not installed.', 'apt-get install openssh-client')))
      child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']))
    })
  } finally {
    process.off('SIGINT', ignore)
  }
}
