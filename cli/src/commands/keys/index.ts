import { call, identity } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { readGiven } from '../../kit/questions.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

interface AddOptions extends GlobalOptions {
  label: string
  codeFile?: string
}

/** One's own SSH public keys. */
export const keys: CommandFile = (cli, act) => {
  const group = cli
    .command('keys')
    .summary('your own SSH public keys')
    .description('Lists the keys with which you come through the SSH gateway.')
    .addHelpText('after', examples({ 'claviger keys': 'yours', 'claviger keys add ~/.ssh/id_ed25519.pub --label laptop': 'one more' }))
    .action(act(list))
  group
    .command('add <file>')
    .summary('add a public key')
    .description('Adds the public key in FILE (the one that ends in .pub), with a fresh code.')
    .requiredOption('--label <text>', 'which key it is, for you')
    .option('--code-file <file>', 'take your code from a file, or from standard input: -')
    .addHelpText('after', examples({ 'claviger keys add ~/.ssh/id_ed25519.pub --label laptop': 'then type your code' }))
    .action(act(add))
  group
    .command('remove <key>')
    .summary('take a key out of use')
    .description('Takes one of your keys out of use, for good.')
    .addHelpText('after', examples({ 'claviger keys remove key_4f9k2m7q1x': 'an id from: claviger keys' }))
    .action(act(remove))
  return group
}

const list: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const { keys } = await shell.get(call(shell.server, identity.sshKeys))
  print.answer({ keys }, () =>
    print.table(
      [
        { title: 'KEY', value: (k) => k.id },
        { title: 'LABEL', value: (k) => k.label, style: () => 'bold' },
        { title: 'FINGERPRINT', value: (k) => k.fingerprint },
        { title: 'ADDED', value: (k) => print.time(k.createdAt) },
      ],
      keys,
      'You have no key. Certificates from claviger login work without one.',
    ),
  )
}

const add: Run<AddOptions> = async (shell, { label, codeFile }, file = '') => {
  const publicKey = readGiven(file, 'FILE').trim()
  const code = (await shell.ask.hidden('Your code adds this key', codeFile, '--code-file')).replaceAll(' ', '')
  const key = await shell.get(call(shell.server, identity.addSshKey, { body: { publicKey, label, code } }))
  shell.print.answer({ key }, () => shell.print.line(`Added ${key.label}: ${key.fingerprint}`, 'green'))
}

const remove: Run<GlobalOptions> = async (shell, _options, id = '') => {
  await shell.get(call(shell.server, identity.removeSshKey, { params: { id } }))
  shell.print.answer({ removed: id }, () => shell.print.line(`${id} opens nothing any more.`, 'green'))
}
