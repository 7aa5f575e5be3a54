import { signInLinks as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import { CliError } from '../kit/exit.ts'
import type { GlobalOptions, Shell } from '../kit/shell.ts'
import { spell } from '../kit/times.ts'
import { codeFile } from './people/change.ts'

interface Options extends GlobalOptions {
  number?: string
  refuse?: boolean
  codeFile?: string
}

export const confirmLink: CommandFile = (cli, act) =>
  cli
    .command('confirm-link <code>')
    .summary('let in the connection of a link that a terminal of yours shows, or refuse it')
    .description(
      'Shows who asks to come in under your name at the SSH gateway: from where, as whom and to where. Then asks for the number that stands in that terminal, and for a fresh code. Another number ends the link. Never confirm one that somebody sent you.',
    )
    .option('--number <digits>', 'the number that stands in the terminal')
    .option(...codeFile)
    .option('--refuse', 'this was not me: end the connection, and raise an alarm')
    .addHelpText(
      'after',
      examples({
        'claviger confirm-link 7KQ2-M9XD': 'look, then type number and code',
        'claviger confirm-link 7KQ2-M9XD --refuse': 'it was not you',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { number: given, refuse, codeFile }, typed = '') => {
  const { ask, print } = shell
  // the link itself is taken too
  const code = typed.split('/').at(-1) ?? ''
  if (!/^[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}$/.test(code))
    throw new CliError('usage', 'What stands behind /link/ in the terminal is eight letters and digits.', 'claviger confirm-link 7KQ2-M9XD')
  const params = { code }
  if (refuse) {
    const link = await shell.get(call(shell.server, api.refuseSignInLink, { params }))
    return print.answer({ link }, () => print.line(`${link.code} is refused, and an alarm says so.`, 'green'))
  }
  const link = await shell.get(call(shell.server, api.signInLink, { params }))
  if (!print.json) show(shell, link)
  if (link.state !== 'waiting') throw new CliError('failed', `Nobody waits for this link any more: it is ${link.state}.`)
  const number = given ?? (await ask.text('The number that stands in the terminal', '--number'))
  const factor = await ask.hidden('Your code lets exactly this connection in', codeFile, '--code-file')
  const body = { number: number.trim(), code: factor.replaceAll(' ', '') }
  const confirmed = await shell.get(call(shell.server, api.confirmSignInLink, { params, body }))
  print.answer({ link: confirmed }, () => print.line('Confirmed. The terminal goes on by itself.', 'green'))
}

function show({ print }: Shell, link: api.SignInLink): void {
  print.line(`Somebody comes in by SSH under your name, as ${link.account}@${link.target}:`, 'bold')
  print.line(`  from      ${link.address}${link.here ? ', where you are' : ', another address than yours'}`)
  print.line(`  with      ${link.client}`)
  print.line(`  showed    ${link.shown ? `your ${link.shown}` : 'nothing before: anybody may have made it who knows your name'}`)
  print.line(`  asked     ${print.time(link.askedAt)}, ${spell(Math.max(0, (Date.parse(link.expiresAt) - Date.now()) / 1000))} left`)
}
