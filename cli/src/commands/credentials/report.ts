import { credentials as api, call } from '@claviger/api'
import { Argument } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { wholeNumber } from '../../kit/whole-number.ts'
import { tierStyle } from '../words.ts'

interface Options extends GlobalOptions {
  days?: number
  limit: number
  after?: string
}

export const credentialsReport: CommandFile = (cli, act) =>
  cli
    .command('report')
    .summary('weak, reused, old, shared and expiring credentials')
    .description(
      'Counts credentials that are weak, used by more than one account, old, known to more than one person, or over soon; with one of these it lists them, the most critical first.',
    )
    .addArgument(new Argument('[finding]', 'which to list').choices(api.finding.options))
    .option(
      '--days <n>',
      'older than so many days is old (90); with expiring: over within so many days (30)',
      wholeNumber('1 to 3650 days', 1, 3650),
    )
    .option('--limit <n>', 'at most so many', wholeNumber('1 to 200', 1, 200), 50)
    .option('--after <next>', 'go on behind this one')
    .addHelpText(
      'after',
      examples({
        'claviger credentials report': 'how many',
        'claviger credentials report expiring --days 60': 'certificates to renew',
        'claviger credentials report reused': 'which, and with whom',
      }),
    )
    .action(act(run))

type Row = api.CredentialReport['credentials'][number]

const nameOf = (a: { name: string; target: string }): string => `${a.name}@${a.target}`

const run: Run<Options> = async (shell, { days, limit, after }, find = '') => {
  const { print } = shell
  const [old, within] = find === 'expiring' ? [90, days ?? 30] : [days ?? 90, 30]
  const query = { days: old, within, limit, ...(find && { find: find as api.Finding }), ...(after !== undefined && { after }) }
  const report = await shell.get(call(shell.server, api.credentialReport, { query }))
  print.answer(report, () => {
    const { counts } = report
    if (!find) {
      print.facts([
        ['credentials', String(counts.credentials)],
        ['weak', String(counts.weak), counts.weak > 0 ? 'red' : undefined],
        ['reused', String(counts.reused), counts.reused > 0 ? 'red' : undefined],
        ['old', `${counts.old} (made more than ${old} days ago)`, counts.old > 0 ? 'yellow' : undefined],
        ['shared', String(counts.shared), counts.shared > 0 ? 'yellow' : undefined],
        ['expiring', `${counts.expiring} (over within ${within} days)`, counts.expiring > 0 ? 'yellow' : undefined],
        ...(counts.unchecked > 0 ? [['not looked at yet', String(counts.unchecked)] as const] : []),
      ])
      print.next('claviger credentials report weak')
      return
    }
    print.table(
      [
        { title: 'ACCOUNT', value: (c) => nameOf(c.account), style: () => 'bold' },
        { title: 'TIER', value: (c) => c.tierLabel, style: tierStyle },
        { title: 'CREDENTIAL', value: (c) => `${c.credential} v${c.version}` },
        { title: 'MADE', value: (c) => print.time(c.madeAt) },
        ...(find === 'expiring' ? [{ title: 'GOOD UNTIL', value: (c: Row) => print.time(c.expiresAt) }] : []),
        { title: 'BITS', value: (c) => (c.bits === null ? '–' : String(Math.floor(c.bits))) },
        { title: 'PEOPLE', value: (c) => String(c.people) },
        { title: 'SAME AS', value: (c) => c.sameAs.map(nameOf).join(', ') || '–' },
      ],
      report.credentials,
      'There is none.',
    )
    if (report.next !== null) print.next(`claviger credentials report ${find} --after ${report.next}`)
    else if (report.credentials.length > 0)
      print.next(find === 'expiring' ? 'claviger credentials put ACCOUNT@TARGET --kind tls --file FILE' : 'claviger rotate ACCOUNT@TARGET')
  })
}
