import { Command, Help } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { accounts } from './commands/accounts/index.ts'
import { approve } from './commands/approve.ts'
import { audit } from './commands/audit/index.ts'
import { authenticator } from './commands/authenticator/index.ts'
import { backup } from './commands/backup/index.ts'
import { restore } from './commands/backup/restore.ts'
import { breakglass } from './commands/breakglass/index.ts'
import { ceremony } from './commands/ceremony/index.ts'
import { checkIn } from './commands/check-out/check-in.ts'
import { checkOut } from './commands/check-out/check-out.ts'
import { extend } from './commands/check-out/extend.ts'
import { read } from './commands/check-out/read.ts'
import { readTicket } from './commands/check-out/read-ticket.ts'
import { reveal } from './commands/check-out/reveal.ts'
import { completion } from './commands/completion.ts'
import { confirmLink } from './commands/confirm-link.ts'
import { connect } from './commands/connect.ts'
import { controls } from './commands/controls.ts'
import { credentials } from './commands/credentials/index.ts'
import { deny } from './commands/deny.ts'
import { dependents } from './commands/dependents/index.ts'
import { enrol } from './commands/enrol.ts'
import { grants } from './commands/grants/index.ts'
import { help } from './commands/help.ts'
import { holds } from './commands/holds/index.ts'
import { importCommand } from './commands/import/import.ts'
import { imports } from './commands/imports/index.ts'
import { keys } from './commands/keys/index.ts'
import { lab } from './commands/lab/index.ts'
import { login } from './commands/login.ts'
import { logout } from './commands/logout.ts'
import { names } from './commands/names.ts'
import { nodes } from './commands/nodes.ts'
import { passkeys } from './commands/passkeys/index.ts'
import { passwords } from './commands/passwords/index.ts'
import { people } from './commands/people/index.ts'
import { policy } from './commands/policy/index.ts'
import { request } from './commands/request.ts'
import { requests } from './commands/requests.ts'
import { retention } from './commands/retention/index.ts'
import { rotate } from './commands/rotate.ts'
import { rotations } from './commands/rotations.ts'
import { seal } from './commands/seal/index.ts'
import { init } from './commands/seal/init.ts'
import { rekey } from './commands/seal/rekey.ts'
import { rotateKeys } from './commands/seal/rotate-keys.ts'
import { unseal } from './commands/seal/unseal.ts'
import { server } from './commands/server.ts'
import { install } from './commands/service/install.ts'
import { uninstall } from './commands/service/uninstall.ts'
import { sessions } from './commands/sessions/index.ts'
import { share } from './commands/share/index.ts'
import { signIns } from './commands/sign-ins.ts'
import { sshCa } from './commands/ssh-ca/index.ts'
import { status } from './commands/status.ts'
import { targets } from './commands/targets/index.ts'
import { versions } from './commands/versions/index.ts'
import { whoami } from './commands/whoami.ts'
import { withdraw } from './commands/withdraw.ts'
import { actIn, type CommandFile } from './kit/command.ts'
import { examples } from './kit/examples.ts'
import type { Io } from './kit/io.ts'

/** Every command, in the groups and the order of the help page. Adding one: a file in commands/, and a line here. */
const groups: Record<string, CommandFile[]> = {
  'Getting in:': [enrol, login, logout, whoami, keys, passkeys, authenticator, signIns, confirmLink, status],
  'Access:': [accounts, request, requests, connect, checkOut, reveal, readTicket, read, extend, checkIn, grants, withdraw],
  'Deciding:': [approve, deny],
  'Keeping:': [
    people,
    policy,
    targets,
    passwords,
    sshCa,
    versions,
    retention,
    holds,
    credentials,
    rotate,
    rotations,
    dependents,
    importCommand,
    imports,
    breakglass,
  ],
  'Looking back:': [sessions, audit, controls, nodes],
  'Running:': [
    server,
    install,
    uninstall,
    init,
    unseal,
    seal,
    rekey,
    rotateKeys,
    ceremony,
    share,
    backup,
    restore,
    lab,
    completion,
    names,
    help,
  ],
}

/** The whole command line as a value: help, completion and behaviour come from the same declarations. */
export function makeProgram(io: Io): Command {
  const program = new Command('claviger')
    .description('Privileged access: ask, approve, connect, replay, prove.')
    .option('--json', 'answer as one JSON document with a version')
    .option('--server <url>', 'the server, instead of CLAVIGER_SERVER')
    .version(manifest.version, '-V, --version', 'the version')
    .helpCommand(false)
    .addHelpText(
      'after',
      examples({
        'claviger login': 'first of all',
        'claviger connect deploy@web01': 'a shell on web01, recorded; asks for access when there is none',
        'claviger requests --inbox': 'what waits for your decision',
        'claviger help exit-codes': 'what a script can tell from the exit status',
      }),
    )
  const act = actIn(io)
  for (const [title, commands] of Object.entries(groups)) {
    program.commandsGroup(title)
    for (const command of commands) command(program, act)
  }
  prepare(program, io)
  return program
}

/** What commander needs to be told of each command alike. */
function prepare(command: Command, io: Io): void {
  command
    .exitOverride()
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .configureHelp({ helpWidth: 100, showGlobalOptions: true, subcommandTerm: termOf })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      // run.ts says what is wrong, in our own words
      outputError: () => undefined,
    })
  if (command.commands.length > 0) command.helpCommand(false)
  for (const sub of command.commands) prepare(sub, io)
}

/** `approve <request>`: the arguments, without "[options]" behind each, since every command has some. */
function termOf(command: Command): string {
  return new Help().subcommandTerm(command).replace(' [options]', '')
}
