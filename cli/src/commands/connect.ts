import { access, call } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import { CliError } from '../kit/exit.ts'
import type { GlobalOptions, Shell } from '../kit/shell.ts'
import { ensureCertificate } from '../ssh/certificate.ts'
import { runSsh } from '../ssh/run.ts'
import { connectMysql } from './connect-mysql.ts'
import { connectSql, type SqlOptions } from './connect-sql.ts'
import { findGrant, findTarget, parseAccountAtTarget } from './find.ts'
import { onlyAccountOf } from './only-account.ts'
import { decided, waitForDecision } from './wait-for-decision.ts'

interface Options extends GlobalOptions, SqlOptions {
  for?: string
  reason?: string
  ticket?: string
  tty?: boolean
}

export const connect: CommandFile = (cli, act) =>
  cli
    .command('connect <account@target> [arguments...]')
    .summary('open a session to an account that you were granted')
    .description(
      'Opens a recorded session through a gateway: a host with ssh, a database with psql or mariadb. The credential is never on your machine. Asks for access first when you have none, and waits for the answer. The name of the target alone is enough where only one account is meant. What follows -- is the command for ssh, or arguments for psql or mariadb; the exit status is passed on.',
    )
    .option('--for <duration>', 'when you have no grant: how long to ask for')
    .option('--reason <text>', 'when you have no grant: why')
    .option('--ticket <id>', 'when you have no grant: the ITSM ticket, where policy asks for one')
    .option('-t, --tty', 'ssh: a terminal for the command too')
    .option('--database <name>', 'databases: another database than the usual one')
    .option('--print', 'databases: print what another client needs instead of starting psql or mariadb')
    .option('--show-ticket', 'with --print: show a connection ticket, to be pasted as the password')
    .addHelpText(
      'after',
      examples({
        'claviger connect deploy@web01': 'a shell',
        'claviger connect deploy@web01 -- uptime': 'one command, its exit status passed on',
        'claviger connect orders-db': 'psql, as the account that you hold a grant for',
        'claviger connect app_admin@orders-db -- -c "select 1"': 'one statement',
        'claviger connect shop@shop-db --database shop': 'mariadb, for a target of MySQL or MariaDB',
        'claviger connect app_admin@orders-db --print --show-ticket': 'for a graphical client',
        'claviger connect deploy@web01 --for 1h --reason "roll out 42"': 'asks first when there is no grant',
      }),
    )
    .action(act(run))

const databases: Readonly<Record<string, typeof connectSql>> = { postgres: connectSql, mysql: connectMysql }

const run: Run<Options> = async (shell, options, asked = '', ...args) => {
  const where = asked.includes('@') ? asked : await onlyAccountOf(shell, asked)
  const { target: name } = parseAccountAtTarget(where)
  const grant = (await findGrant(shell, where)) ?? (await obtain(shell, options, where))
  const target = await findTarget(shell, name)
  const toDatabase = databases[target.kind]
  if (!toDatabase && (options.print || options.showTicket || options.database !== undefined))
    throw new CliError('usage', `${target.name} is no database: --print, --show-ticket and --database are for those.`)
  if (toDatabase) return await toDatabase(shell, options, { where, target, grant, args })
  await ensureCertificate(shell)
  const { folder } = shell.settings
  const status = await runSsh(folder, `${shell.signedIn.name}@${where}`, args, options.tty ?? false)
  // what the command said is for whoever called us, not for our own table of exit codes
  process.exitCode = status
}

/** Asks for access and waits, when there is a way to know for how long and why. */
async function obtain(shell: Shell, options: Options, where: string): Promise<access.Grant> {
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
  const outcome = await waitForDecision(shell, filed, approvers)
  decided(outcome)
  if (!outcome.grant) throw new CliError('refused', `Request ${filed.id} was approved and has no grant.`, `claviger requests ${filed.id}`)
  return outcome.grant
}
