import { call, inventory } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

export const targetsKinds: CommandFile = (cli, act) =>
  cli
    .command('kinds')
    .summary('the kinds of target that this server supports')
    .description('Lists the kinds with what can be done on them and the settings that they take: for --kind and --set.')
    .addHelpText('after', examples({ 'claviger targets kinds': 'what --kind and --set take' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const { kinds } = await shell.get(call(shell.server, inventory.targetKinds))
  print.answer({ kinds }, () =>
    print.table(
      [
        { title: 'KIND', value: (kind) => kind.name, style: () => 'bold' },
        { title: 'CREDENTIALS', value: (kind) => kind.credentialKinds.join(', ') },
        { title: 'CAN', value: (kind) => kind.capabilities.join(', ') || '–' },
        { title: 'SETTINGS', value: (kind) => kind.settings.map((setting) => setting.name).join(', ') },
      ],
      kinds,
      'This server supports no kind of target.',
    ),
  )
}
