import { existsSync } from 'node:fs'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { writePrivate } from '../../kit/files.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { newP256Identity } from '../../kits/p256.ts'

interface Options extends GlobalOptions {
  to: string
  p256?: boolean
}

export const shareKey: CommandFile = (cli, act) =>
  cli
    .command('key')
    .summary('make the key of a custodian: the private half into a file, the public half to be given away')
    .description(
      'The file is what opens your share. Keep it on a medium of your own, not on the machines that your share protects, and print it if you may lose the medium.',
    )
    .requiredOption('--to <file>', 'the new file of the private half, readable by you alone')
    .option('--p256', 'a P-256 key instead of one of age: for a server in the FIPS profile')
    .addHelpText('after', examples({ 'claviger share key --to /media/stick/claviger.key': 'then send the line that begins with age1' }))
    .action(act(run))

async function newAgeIdentity(): Promise<{ identity: string; recipient: string }> {
  const identity = await generateX25519Identity()
  return { identity, recipient: await identityToRecipient(identity) }
}

const run: Run<Options> = async ({ print }, { to, p256 }) => {
  if (existsSync(to)) throw new CliError('failed', `${to} is there already, and may open a share. Name another file.`)
  const { identity, recipient: key } = p256 ? newP256Identity() : await newAgeIdentity()
  writePrivate(to, `# public key: ${key}\n${identity.trim()}\n`)
  print.answer({ key, file: to }, () => {
    print.line(key)
    print.hint(`The private half is in ${to}, and nowhere else.`)
  })
}
