import { armor, Decrypter } from 'age-encryption'
import { Argument } from 'commander'
import { readIdentities } from '../../kit/age-identity.ts'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { readGiven } from '../../kit/questions.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { isP256File, openP256File } from '../../kits/p256.ts'
import { showFor } from '../check-out/show-for.ts'

interface Options extends GlobalOptions {
  identity: string
  stdout?: boolean
}

const shownSeconds = 60

export const shareOpen: CommandFile = (cli, act) =>
  cli
    .command('open')
    .addArgument(new Argument('<file>', 'the share, as an age file or a P-256 file'))
    .summary('open the share that was encrypted to your key')
    .description(
      `Shows it on a terminal for ${shownSeconds} seconds, to be typed into claviger unseal or claviger ceremony share; or writes it with --stdout into one of these.`,
    )
    .requiredOption('--identity <file>', 'your private key, as claviger share key or age-keygen made it')
    .option('--stdout', 'write the share alone to standard output, for a pipe')
    .addHelpText(
      'after',
      examples({
        'claviger share open claviger-share-9f2c-1-bob.age --identity bob.key': 'on your own machine',
        'claviger share open bob.age --identity bob.key --stdout | claviger unseal --share-file -': 'straight into the seal',
      }),
    )
    .action(act(run))

const run: Run<Options> = async ({ io }, { identity, stdout }, file = '') => {
  if (!stdout && io.stdout.isTTY !== true)
    throw new CliError(
      'usage',
      'Standard output is no terminal, so the share is not written to it.',
      'claviger share open FILE --identity FILE --stdout',
    )
  const text = readGiven(file, 'FILE')
  const share = isP256File(text) ? openP256(text, readGiven(identity, '--identity')) : await openWith(text, readIdentities(identity))
  // past the writer, which would blank it: it was asked for
  if (stdout) return void io.stdout.write(`${share}\n`)
  await showFor(io, 'Your share:', share, shownSeconds, 'The file opens again whenever you need it.')
}

function openP256(text: string, identity: string): string {
  const share = openP256File(identity, text)
  if (!share) throw new CliError('failed', 'It does not open with this key: it is for another custodian, or was changed.')
  return share.toString('utf8').trim()
}

async function openWith(text: string, identities: readonly string[]): Promise<string> {
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  try {
    return (await decrypter.decrypt(armor.decode(text), 'text')).trim()
  } catch (cause) {
    throw new CliError(
      'failed',
      `It does not open with this key: it is for another custodian, or was changed (${String(cause instanceof Error ? cause.message : cause).slice(0, 120)}).`,
    )
  }
}
