import { retention as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { findAccount, findTarget } from '../find.ts'
import { codeFile } from '../people/change.ts'
import { findPerson } from '../people/find-person.ts'

interface Options extends GlobalOptions {
  session?: string
  person?: string
  account?: string
  target?: string
  case: string
  reason: string
  codeFile?: string
}

export const holdsPlace: CommandFile = (cli, act) =>
  cli
    .command('place')
    .summary('hold recordings, so that nothing destroys them')
    .description('As a security officer: of one session, or of all sessions of a person, an account or a target, those to come included.')
    .option('--session <session>', 'of this session')
    .option('--person <person>', 'of this person')
    .option('--account <account@target>', 'of this account')
    .option('--target <target>', 'of this target')
    .requiredOption('--case <number>', 'the number of the case')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger holds place --person alice --case C-17 --reason "a dispute"': 'then type your code' }))
    .action(act(run))

const run: Run<Options> = async (shell, options) => {
  const { kind, subject, name } = await subjectOf(shell, options)
  const code = (await shell.ask.hidden(`Your code holds what there is of ${name}`, options.codeFile, '--code-file')).replaceAll(' ', '')
  const body = { kind, subject, caseNumber: options.case, reason: options.reason, code }
  const placed = await shell.get(call(shell.server, api.placeHold, { body }))
  shell.print.answer(placed, () => {
    shell.print.line(`${placed.id}: nothing destroys the recordings of ${kind} ${name}.`, 'green')
    shell.print.hint('Another security officer than you lifts it: claviger holds lift.')
  })
}

async function subjectOf(shell: Shell, { session, person, account, target }: Options) {
  if ([session, person, account, target].filter((one) => one !== undefined).length !== 1)
    throw new CliError('usage', 'Say one of --session, --person, --account and --target.', 'claviger holds place --help')
  if (session !== undefined) return { kind: 'session', subject: session, name: session } as const
  if (person !== undefined) return { kind: 'person', subject: (await findPerson(shell, person)).id, name: person } as const
  if (account !== undefined) return { kind: 'account', subject: (await findAccount(shell, account)).id, name: account } as const
  return { kind: 'target', subject: (await findTarget(shell, target ?? '')).id, name: target ?? '' } as const
}
