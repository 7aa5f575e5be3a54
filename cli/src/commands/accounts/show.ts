import { type AnswerOf, checkOut as api, call, inventory, rotation, sshAuthority } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'
import { stateStyle, tierStyle } from '../words.ts'
import { aboutInWords } from './about-in-words.ts'
import { careFacts } from './care-facts.ts'
import { checkOutFacts } from './check-out-facts.ts'

/** With which certificate sessions log in, if with one. */
function certificateFacts(versions: AnswerOf<typeof inventory.accountVersions>['versions']): [string, string][] {
  const its = versions.find((v) => v.credential === 'tls' && v.state === 'current')
  if (!its?.expiresAt) return []
  const over = Date.parse(its.expiresAt) <= Date.now()
  const until = its.expiresAt.slice(0, 10)
  const next = 'claviger credentials put --kind tls'
  return [
    [
      'sessions log in',
      `with certificate v${its.version}, ${over ? `over since ${until}: bring in the next one` : `good until ${until}; the next one before that`} (${next})`,
    ],
  ]
}

export const accountsShow: CommandFile = (cli, act) =>
  cli
    .command('show <account@target>')
    .summary('one account: its privileges, who holds it, and the versions of its credentials')
    .description(
      'Shows why an account is privileged, its state, who holds it and who queues for it, which versions of its credentials the vault holds, and who saw which; never a credential.',
    )
    .addHelpText('after', examples({ 'claviger accounts show deploy@web01': 'everything about it' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, name = '') => {
  const { print } = shell
  const account = await findAccount(shell, name)
  const { versions } = await shell.get(call(shell.server, inventory.accountVersions, { params: { id: account.id } }))
  const out = await shell.get(call(shell.server, api.getCheckOut, { params: { id: account.id } }))
  const { reveals } = await shell.get(call(shell.server, api.reveals, { params: { id: account.id }, query: { limit: 20 } }))
  const care = await shell.get(call(shell.server, rotation.accountCare, { params: { id: account.id } }))
  const { login } = await shell.get(call(shell.server, sshAuthority.accountLogin, { params: { id: account.id } }))
  print.answer({ account, versions, checkOut: out, reveals, care, login }, () => {
    print.facts([
      ['account', `${account.name}@${account.target.name} (${account.id})`],
      ['state', account.state, stateStyle(account)],
      ['tier', account.tierLabel, tierStyle(account)],
      ['category', account.category],
      ['target', `${account.target.kind}, ${account.target.environment}`],
      ['privileges', account.privileges.join(', ') || 'none'],
      ['keys', account.authorisedKeys.map((k) => `${k.fingerprint} ${k.comment}`.trim()).join(', ') || 'none'],
      ...checkOutFacts(print, out),
      ...(login === 'certificate' ? [['sessions log in', 'by SSH certificate'] as const] : []),
      ...(account.byHand ? [] : certificateFacts(versions)),
      ...(account.byHand
        ? [['replaced', 'by hand: claviger credentials put'] as const]
        : account.state === 'found'
          ? []
          : careFacts(print, care, account)),
    ])
    print.line('')
    print.table(
      [
        { title: 'CREDENTIAL', value: (v) => `${v.credential} v${v.version}`, style: () => 'bold' },
        { title: 'STATE', value: (v) => v.state, style: stateStyle },
        { title: 'MADE', value: (v) => print.time(v.at) },
        { title: 'ABOUT', value: (v) => aboutInWords(v) },
        { title: 'BROUGHT BY', value: (v) => v.broughtBy?.name ?? '–' },
      ],
      versions,
      'The vault holds no credential of it.',
    )
    if (reveals.length > 0) {
      print.line('')
      print.table(
        [
          { title: 'SEEN BY', value: (v) => v.person.name, style: () => 'bold' },
          { title: 'CREDENTIAL', value: (v) => `${v.credential} v${v.version}` },
          { title: 'AT', value: (v) => print.time(v.at) },
          { title: 'STATE', value: (v) => v.state },
        ],
        reveals,
        '',
      )
    }
    print.next(account.state === 'found' && account.replaceable ? `claviger rotate ${name}` : `claviger accounts history ${name}`)
  })
}
