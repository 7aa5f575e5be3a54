import { dependents as api, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'
import { codeFile } from '../people/change.ts'
import { howInWords } from './in-words.ts'

interface Options extends GlobalOptions {
  on: string
  credential: 'password' | 'ssh-key'
  file?: string
  line?: string
  as: 'plain' | 'json' | 'shell' | 'url'
  run?: string
  user?: string
  unit?: string
  check?: string
  codeFile?: string
}

export const dependentsAdd: CommandFile = (cli, act) =>
  cli
    .command('add <account@target>')
    .summary('say what else uses an account, and how it hears of a new credential')
    .description(
      'The credential goes there with each rotation, over SSH and standard input, never in an argument. The file is written first, then the command run, the unit restarted, the check made. Of an account of tier 0 somebody else confirms it first.',
    )
    .requiredOption('--on <target>', 'the host on which it lives')
    .addOption(new Option('--credential <kind>').choices(['password', 'ssh-key']).default('password'))
    .option('--file <path>', 'a file that holds the credential; its owner and mode stay')
    .option('--line <line>', 'the line that does, with {secret} in its place; left out: the whole file')
    .addOption(
      new Option('--as <spelling>', 'as it is, or between " (json), between \' (shell), in a URL (url)')
        .choices(['plain', 'json', 'shell', 'url'])
        .default('plain'),
    )
    .option('--run <command>', 'a command that gets the credential on standard input')
    .option('--user <user>', 'as whom the command runs')
    .option('--unit <unit>', 'a systemd unit that is restarted, and must be active after that')
    .option('--check <command>', 'a command that ends with status 0 when all is well')
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({
        "claviger dependents add app@orders-db --on web01 --file /etc/app/app.env --line 'DB_PASSWORD={secret}' --unit app.service":
          'a service that reads its password from a file',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, name = '') => {
  const { print } = shell
  const { file: path, line, as, run: command, user, unit, check, on: host, credential } = options
  const how = {
    ...(path !== undefined && { file: { path, as, ...(line !== undefined && { line }) } }),
    ...(command !== undefined && { run: { command, ...(user !== undefined && { user }) } }),
    ...(unit !== undefined && { unit }),
    ...(check !== undefined && { check }),
  }
  if (!how.file && !how.run && how.unit === undefined)
    throw new CliError('usage', 'Say what is done there: --file, --run or --unit.', 'claviger dependents add --help')
  const { id } = await findAccount(shell, name)
  const code = (
    await shell.ask.hidden(`Your code sends each new ${credential} of ${name} to ${host}`, options.codeFile, '--code-file')
  ).replaceAll(' ', '')
  const dependent = await shell.get(call(shell.server, api.addDependent, { params: { id }, body: { credential, host, how, code } }))
  print.answer({ dependent }, () => {
    const waits = dependent.state === 'proposed'
    print.line(
      waits ? `Proposed ${dependent.id}: somebody else confirms it.` : `Added ${dependent.id}: ${howInWords(dependent.how)}.`,
      waits ? 'yellow' : 'green',
    )
    print.next(waits ? `claviger dependents confirm ${dependent.id}` : `claviger dependents look ${dependent.id}`)
  })
}
