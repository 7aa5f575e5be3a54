import { call, inventory } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { collect, parseSettings } from './settings.ts'

interface Options extends GlobalOptions {
  kind: string
  set: string[]
}

export const targetsIdentify: CommandFile = (cli, act) =>
  cli
    .command('identify')
    .summary('ask a system who it is, before you trust it')
    .description(
      'Asks a system who it is (host key, certificate) without sending it anything secret. Compare the answer by another road before you pin it.',
    )
    .requiredOption('--kind <kind>', 'linux-ssh, postgres, …')
    .requiredOption('--set <name=value>', 'a setting, such as host=10.0.0.5 (repeatable)', collect)
    .addHelpText('after', examples({ 'claviger targets identify --kind linux-ssh --set host=10.0.0.5 --set port=22': 'its host key' }))
    .action(act(run))

const run: Run<Options> = async (shell, { kind, set }) => {
  const { print } = shell
  const body = { kind, settings: parseSettings(set) }
  const { identity } = await shell.get(call(shell.server, inventory.identifyTarget, { body }), 'Asking the target who it is')
  print.answer({ identity }, () => {
    print.facts(Object.entries(identity))
    print.next('compare this with what the system itself shows, then claviger targets add')
  })
}
