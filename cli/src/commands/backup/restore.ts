import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

/** Stands in the help; the launcher runs it without a server before it comes to us. */
export const restore: CommandFile = (cli, act) =>
  cli
    .command('restore <file>')
    .summary('put a backup onto an empty machine')
    .description(
      'Restores into an empty data folder (CLAVIGER_DATA), or an empty database (DATABASE_URL); refuses any other, and leaves nothing when it refuses. A new epoch begins when the server opens: sign-ins, tickets, requests and grants of before are void. Credentials that only the escrow knows are tried on their targets.',
    )
    .requiredOption('--identity <file>', 'the key file of one of its recipients (AGE-SECRET-KEY-1…)')
    .option('--escrow <path...>', "what is left of a keeper's folder, or its escrow.jsonl: of every server, as new as there is")
    .option('--checkpoint <file>', 'compare its ledger with what was kept outside: one checkpoint, or a whole anchor file')
    .option('--key <key>', 'the key that the ledger is known to be signed by, as claviger audit checkpoint tells it')
    .option('--seal-key <file>', 'of the seal dev: its key file, which is in no backup')
    .addHelpText(
      'after',
      examples({
        'claviger restore monday.tar.age --identity key.txt --checkpoint anchors': 'and then: claviger server',
        'claviger restore monday.tar.age --identity key.txt --escrow /mnt/old/keeper': 'with what was rotated since',
      }),
    )
    .action(act(run))

const run: Run<GlobalOptions> = async () => {
  throw new CliError('usage', 'Backups are restored by the claviger launcher in the clone.', './claviger restore FILE --identity KEYFILE')
}
