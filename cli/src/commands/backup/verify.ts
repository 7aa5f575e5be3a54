import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

/** Stands in the help; the launcher runs it without a server before it comes to us. */
export const backupVerify: CommandFile = (cli, act) =>
  cli
    .command('verify <file>')
    .summary('restore a backup into a database of its own, and throw that away')
    .description(
      'Says whether a backup can be restored: it is decrypted and read to its end, its signature, digests, rows and ledger are checked. Needs no server and no seal, and touches nothing of the one that is there. Exit status 0 when it is good.',
    )
    .requiredOption('--identity <file>', 'the key file of one of its recipients (AGE-SECRET-KEY-1…)')
    .option('--checkpoint <file>', 'compare its ledger with what was kept outside: one checkpoint, or a whole anchor file')
    .option('--key <key>', 'the key that the ledger is known to be signed by, as claviger audit checkpoint tells it')
    .addHelpText('after', examples({ 'claviger backup verify monday.tar.age --identity key.txt': 'on any machine with Claviger' }))
    .action(act(run))

const run: Run<GlobalOptions> = async () => {
  throw new CliError(
    'usage',
    'Backups are verified by the claviger launcher in the clone.',
    './claviger backup verify FILE --identity KEYFILE',
  )
}
