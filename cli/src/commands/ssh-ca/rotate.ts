import { setTimeout as sleep } from 'node:timers/promises'
import { sshAuthority as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { findTarget } from '../find.ts'
import { codeFile } from '../people/change.ts'
import { sayRotation, shortly } from './say-rotation.ts'

interface Options extends GlobalOptions {
  leaveOut?: string
  reason?: string
  detach?: true
  codeFile?: string
}

export const sshCaRotate: CommandFile = (cli, act) =>
  cli
    .command('rotate')
    .summary('replace the key of the authority')
    .description(
      'As an administrator: a new key is made, each host is told to trust it beside the old one, and is seen to let in by it. When all do, it signs; then the old one is taken from each host, is seen to be refused, and is destroyed. The server goes on by itself, also after a restart; this shows how far it is. As a security officer: --leave-out has it not wait for a host.',
    )
    .option('--leave-out <target>', 'do not wait for this host: certificates do not open it until it is told')
    .option('--reason <text>', 'why the host is left out')
    .option('--detach', 'do not wait until it is over')
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({
        'claviger ssh-ca rotate': 'then type your code; again later: how far it is',
        'claviger ssh-ca rotate --leave-out web07 --reason "scrapped, CHG-77"': 'as a security officer',
      }),
    )
    .action(act(run))

const everyMs = 1_000
const running = async (shell: Shell) => (await shell.get(call(shell.server, api.sshAuthority))).rotation

const run: Run<Options> = async (shell, { leaveOut, reason, detach = false, codeFile }) => {
  const { print } = shell
  if ((leaveOut === undefined) !== (reason === undefined))
    throw new CliError('usage', 'Say --leave-out and --reason together.', 'claviger ssh-ca rotate --help')
  const ask = async (question: string) => (await shell.ask.hidden(question, codeFile, '--code-file')).replaceAll(' ', '')
  let rotation = await running(shell)
  if (leaveOut !== undefined && reason !== undefined) {
    const { id: target } = await findTarget(shell, leaveOut)
    const code = await ask(`Your code leaves ${leaveOut} out`)
    rotation = (await shell.get(call(shell.server, api.leaveHostOut, { body: { target, reason, code } }))).rotation
  } else if (rotation === null || rotation.step === 'done') {
    const code = await ask('Your code replaces the key of the SSH authority')
    rotation = (await shell.get(call(shell.server, api.rotateSshAuthority, { body: { code } }))).rotation
  }
  // where every host that is left was tried and did not answer, nobody is kept waiting
  const waits = (now: typeof rotation) =>
    now !== null && now.step !== 'done' && (now.waiting.length === 0 || now.waiting.some(({ tries }) => tries === 0))
  while (!detach && waits(rotation)) {
    await sleep(everyMs)
    rotation = await shell.get(
      call(shell.server, api.sshAuthority).then((a) => (a.ok ? { ...a, value: a.value.rotation } : a)),
      rotation ? shortly(rotation) : '',
    )
  }
  const last = rotation
  print.answer({ rotation: last }, () => {
    if (last) sayRotation(print, last)
  })
}
