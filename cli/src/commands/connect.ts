import { access, call } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import { CliError } from '../kit/exit.ts'
import type { GlobalOptions, Shell } from '../kit/shell.ts'
import { ensureCertificate } from '../ssh/certificate.ts'
import { runSsh } from '../ssh/run.ts'
import { findGrant, parseAccountAtTarget } from './find.ts'
import { decided, waitForDecision } from './wait-for-decision.ts'

interface Options extends GlobalOptions {
  for?: string
  reason?: string
  ticket?: string
  tty?: boolean
}

export const connect: CommandFile = (cli, act) =>
  cli
    .command('connect <account@target> [command...]')
    .summary('open a session to an account that you were granted')
    .description(
      'Opens a recorded session through the gateway with ssh; the credential is never on your machine. Asks for access first when you have none, and waits for the answer. The exit status of the command is passed on.',
    )
    .option('--for <duration>', 'when you have no grant: how long to ask for')
    .option('--reason <text>', 'when you have no grant: why')
    .option('--ticket <id>', 'when you have no grant: the ITSM ticket, where policy asks for one')
    .option('-t, --tty', 'a terminal for the command too')
    .addHelpText(
      'after',
      examples({
        'claviger connect deploy@web01': 'a shell',
        'claviger connect deploy@web01 -- uptime': 'one command, its exit status passed on',
        'claviger connect deploy@web01 --for 1h --reason "roll out 42"': 'asks first when there is no grant',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, where = '', ...command) => {
  parseAccountAtTarget(where)
  if (!(await findGrant(shell, where))) await obtain(shell, options, where)
  await ensureCertificate(shell)
  const { folder } = shell.settings
  const status = await runSsh(folder, `${shell.signedIn.name}@${where}`, command, options.tty ?? false)
  // what the command said is for whoever called us, not for our own table of exit codes
  process.exitCode = status
}

/** Asks for access and waits, when there is a way to know for how long and why. */
async function obtain(shell: Shell, options: Options, where: string): Promise<void> {
  const { ask } = shell
  const example = `claviger request ${where} --for 1h --reason "…"`
  if (!ask.possible && (options.for === undefined || options.reason === undefined))
    throw new CliError('notGranted', `You hold no grant for ${where}.`, example)
  if (!options.for && !options.reason) shell.print.hint(`You hold no grant for ${where}: asking for one.`)
  const duration = options.for ?? (await ask.text('For how long', '--for 1h', '1h'))
  const reason = options.reason ?? (await ask.text('Why', '--reason "…"'))
  const { ticket } = options
  const { approvers } = await shell.get(call(shell.server, access.previewRequest, { body: { account: where, duration } }))
  const body = { account: where, duration, reason, ...(ticket !== undefined && { itsmTicket: ticket }) }
  const filed = await shell.get(call(shell.server, access.fileRequest, { body }))
  decided(await waitForDecision(shell, filed, approvers))
}
