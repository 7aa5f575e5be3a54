import { versions as api, type CredentialKind, call, credentialKind } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'
import { codeFile } from '../people/change.ts'

interface Options extends GlobalOptions {
  credential: CredentialKind
  versions: string
  reason: string
  codeFile?: string
}

export const versionsDestroy: CommandFile = (cli, act) =>
  cli
    .command('destroy <account@target>')
    .summary('destroy versions of a credential that were replaced, for ever')
    .description(
      'As a security officer: destroys the data keys of versions that were replaced, in the database and in the escrow. It is complete when the backups that hold them are gone.',
    )
    .addOption(new Option('--credential <credential>', 'which').choices(credentialKind.options).makeOptionMandatory())
    .requiredOption('--versions <versions>', 'such as 1-3,5')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({
        'claviger versions destroy root@web01 --credential password --versions 1-3 --reason "seen in a ticket"': 'then type your code',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, name = '') => {
  const { print } = shell
  const { credential, reason } = options
  const versions = parseVersions(options.versions)
  const { id } = await findAccount(shell, name)
  const question = `Your code destroys ${credential} v${options.versions} of ${name}, for ever`
  const code = (await shell.ask.hidden(question, options.codeFile, '--code-file')).replaceAll(' ', '')
  const done = await shell.get(call(shell.server, api.destroyVersions, { params: { id }, body: { credential, versions, reason, code } }))
  print.answer(done, () => {
    print.line(
      done.shredded
        ? `Destroyed: ${credential} v${done.versions.join(', v')} of ${name}.`
        : `None of them opens any more; their keys go within the hour.`,
      'green',
    )
    print.hint('It is complete when the backups of the database and of the data folder that hold them are gone.')
  })
}

/** `1-3,5` → 1, 2, 3, 5. */
function parseVersions(text: string): number[] {
  const ranges = text.split(',').map((part) => /^\s*([1-9]\d{0,5})(?:-([1-9]\d{0,5}))?\s*$/.exec(part))
  const found = ranges.flatMap((range) => {
    const [from, to] = [Number(range?.[1]), Number(range?.[2] ?? range?.[1])]
    return to - from < 200 ? Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i) : []
  })
  if (ranges.includes(null) || found.length === 0 || found.length > 200)
    throw new CliError('usage', `"${text}" is no list of at most 200 versions, such as 1-3,5.`, 'claviger versions destroy --help')
  return [...new Set(found)]
}
