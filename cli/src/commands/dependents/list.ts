import { dependents as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'
import { collectPages } from '../pages.ts'
import { howInWords, newsOf } from './in-words.ts'

interface Options extends GlobalOptions {
  account?: string
}

export const dependentsList: CommandFile = (cli, act) =>
  cli
    .command('dependents')
    .summary('what else uses the credentials of accounts, and whether it knows the newest')
    .description(
      'Lists the files, commands and services that are told when a credential changes. What fails is tried again by itself; the credential stays what it is.',
    )
    .option('--account <account@target>', 'those of one account')
    .addHelpText('after', examples({ 'claviger dependents --account app@orders-db': 'what would break without being told' }))
    .action(act(run))

const run: Run<Options> = async (shell, { account: name }) => {
  const { print } = shell
  const account = name === undefined ? undefined : (await findAccount(shell, name)).id
  const dependents = await collectPages(async (after) => {
    const query = { limit: 500, ...(account && { account }), ...(after && { after }) }
    const page = await shell.get(call(shell.server, api.dependents, { query }))
    return { rows: page.dependents, next: page.next }
  })
  print.answer({ dependents }, () => {
    print.table(
      [
        { title: 'DEPENDENT', value: (d) => d.id, style: () => 'bold' },
        { title: 'ACCOUNT', value: (d) => `${d.account.name}@${d.account.target}` },
        { title: 'ON', value: (d) => d.host.name },
        { title: 'NEWS', value: newsOf, style: (d) => (d.failures > 0 ? 'red' : d.state === 'proposed' ? 'yellow' : undefined) },
        { title: 'NEXT TRY', value: (d) => (d.nextAt ? print.time(d.nextAt) : '–') },
        { title: 'BECAUSE', value: (d) => d.error ?? '–' },
        { title: 'HOW', value: (d) => howInWords(d.how) },
      ],
      dependents,
      'Nothing is told of a new credential.',
    )
    const proposed = dependents.find((d) => d.state === 'proposed')
    if (proposed) print.next(`claviger dependents confirm ${proposed.id}`)
  })
}
