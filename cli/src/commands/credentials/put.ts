import { basename } from 'node:path'
import { credentials as api, type CredentialKind, call, credentialKind } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findTarget, parseAccountAtTarget } from '../find.ts'
import { codeFile } from '../people/change.ts'
import { readCredential } from './read-credential.ts'

interface Options extends GlobalOptions {
  kind: CredentialKind
  file: string
  name?: string
  tier?: string
  codeFile?: string
}

export const credentialsPut: CommandFile = (cli, act) =>
  cli
    .command('put <account@target>')
    .summary('bring in a credential of what Claviger does not reach, or its next version')
    .description(
      'As an administrator, or as who holds the account alone for the next version of what it has: seals a credential that Claviger does not make itself, of an account on a target of the kind stored. The first one makes the account; the next is its next version. 1 MiB at most. With --kind tls also a certificate with its key for an account of a PostgreSQL target: it is tried there first, and sessions log in with it.',
    )
    .addOption(new Option('--kind <kind>', 'what it is').choices(credentialKind.options).makeOptionMandatory())
    .requiredOption('--file <file>', 'the credential; - for standard input. It is never taken from an argument')
    .option('--name <name>', 'of an API key its id, of a file its name where it shall have another one')
    .addOption(new Option('--tier <tier>', 'of an account that is new; its target’s where left out').choices(['0', '1', '2', '3']))
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({
        'claviger credentials put reports@stripe --kind api-key --name AKIA… --file key.txt': 'then type your code',
        'claviger credentials put ci@pypi --kind json --file -': 'from standard input',
        'claviger credentials put ops@vpn --kind file --file ops.p12': 'any file',
        'claviger credentials put app_admin@orders-db --kind tls --file app_admin.pem':
          'a certificate with its key, which PostgreSQL takes',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { kind, file, name: given, tier, ...options }, name = '') => {
  const { print } = shell
  if (file === '-' && options.codeFile === '-')
    throw new CliError('usage', 'Standard input cannot be both the credential and the code.', '--code-file FILE')
  const { account } = parseAccountAtTarget(name)
  const target = await findTarget(shell, name.slice(account.length + 1))
  const bytes = await readCredential(shell.io, file)
  const called = given ?? (kind === 'file' && file !== '-' ? basename(file) : undefined)
  const code = (await shell.ask.hidden(`Your code brings in a ${kind} of ${name}`, options.codeFile, '--code-file')).replaceAll(' ', '')
  const body = {
    ...{ account, kind, value: bytes.toString('base64'), encoding: 'base64' as const, code },
    ...(called !== undefined && { name: called }),
    ...(tier !== undefined && { tier: Number(tier) }),
  }
  const kept = await shell.get(call(shell.server, api.depositCredential, { params: { id: target.id }, body }), 'Sealing it')
  print.answer(kept, () => {
    print.line(`Sealed: ${kept.credential} v${kept.version} of ${name}.`, 'green')
    if (kept.version > 1) print.hint(`v${kept.version - 1} stays as previous: claviger versions destroy ends it.`)
    if (file !== '-') print.hint(`${file} still holds it. Delete it where nothing else needs it.`)
    print.next(`claviger accounts show ${name}`)
  })
}
