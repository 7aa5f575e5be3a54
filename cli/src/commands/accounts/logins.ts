import { onboarding as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { findAccount } from '../find.ts'

export const accountsLogins: CommandFile = (cli, act) =>
  cli
    .command('logins <account@target>')
    .summary('from where an observed account was seen to be used')
    .description(
      'Lists addresses and programs that were seen to be logged in while the account was observed. Only of targets that can say so (postgres), once an hour: who comes and goes in between is not seen.',
    )
    .addHelpText('after', examples({ 'claviger accounts logins orders_service@orders-db': 'what may use it' }))
    .action(act(run))

const run: Run<object> = async (shell, _options, name = '') => {
  const { print } = shell
  const { id } = await findAccount(shell, name)
  const seen = await shell.get(call(shell.server, api.accountLogins, { params: { id } }))
  print.answer(seen, () => {
    print.table(
      [
        { title: 'FROM', value: (l) => l.address, style: () => 'bold' },
        { title: 'PROGRAM', value: (l) => l.program || '–' },
        { title: 'TOLD', value: (l) => (l.told ? 'yes' : 'no'), style: (l) => (l.told ? 'green' : 'yellow') },
        { title: 'FIRST SEEN', value: (l) => print.time(l.firstSeen) },
        { title: 'LAST SEEN', value: (l) => print.time(l.lastSeen) },
      ],
      seen.logins,
      'Nobody was seen.',
    )
    if (seen.standing) print.line(`${api.standingWords[seen.standing]} (looked on ${seen.days} of the last 7 days).`)
  })
}
