import { passkeys as api, call, identity } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

interface RemoveOptions extends GlobalOptions {
  codeFile?: string
}

/** One's own passkeys. They are made and used in a browser; here they are seen and taken away. */
export const passkeys: CommandFile = (cli, act) => {
  const group = cli
    .command('passkeys')
    .summary('your own passkeys: what says yes in the console in the place of a code')
    .description('Lists your passkeys, and where they are made and used: in a browser, at the name by which Claviger is opened.')
    .addHelpText('after', examples({ 'claviger passkeys': 'yours, and where to add one' }))
    .action(act(list))
  group
    .command('remove <passkey>')
    .summary('take a passkey out of use')
    .description('Takes one of your passkeys out of use, for good, with a fresh code. Your authenticator stays.')
    .option('--code-file <file>', 'take your code from a file, or from standard input: -')
    .addHelpText('after', examples({ 'claviger passkeys remove pky_4f9k2m7q1x': 'an id from: claviger passkeys' }))
    .action(act(remove))
  return group
}

const list: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const { passkeys, at } = await shell.get(call(shell.server, api.passkeys))
  const { person } = await shell.get(call(shell.server, identity.me))
  const add = at === null ? null : `${at}/people/${person.id}`
  print.answer({ passkeys, add }, () => {
    print.table(
      [
        { title: 'PASSKEY', value: (k) => k.id },
        { title: 'LABEL', value: (k) => k.label, style: () => 'bold' },
        { title: 'ADDED', value: (k) => print.time(k.createdAt) },
        { title: 'LAST USED', value: (k) => (k.lastUsedAt ? print.time(k.lastUsedAt) : 'never') },
      ],
      passkeys,
      'You have no passkey. The codes of your authenticator work without one.',
    )
    print.line(
      add === null
        ? 'Passkeys belong to a name, and this server is opened by an address of numbers: its operator sets CLAVIGER_PUBLIC_URL.'
        : `A browser makes one: ${add}`,
    )
  })
}

const remove: Run<RemoveOptions> = async (shell, { codeFile }, id = '') => {
  const code = (await shell.ask.hidden('Your code removes this passkey', codeFile, '--code-file')).replaceAll(' ', '')
  await shell.get(call(shell.server, api.removePasskey, { params: { id }, body: { code } }))
  shell.print.answer({ removed: id }, () => shell.print.line(`${id} says yes to nothing any more.`, 'green'))
}
