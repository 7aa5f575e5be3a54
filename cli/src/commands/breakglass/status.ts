import { breakGlass as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'

export const breakglassStatus: CommandFile = (cli, act) =>
  cli
    .command('breakglass')
    .summary('accounts for emergencies: whose custodians open them, and how old the kits are')
    .description(
      'Credentials of such accounts are sealed to a key that is split among custodians and was never on the server. Custodians open an offline kit on a laptop, also while Claviger and its database are down.',
    )
    .addHelpText('after', examples({ 'claviger breakglass': 'accounts, custodians, kits' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const shown = await shell.get(call(shell.server, api.breakglass))
  print.answer({ breakglass: shown }, () => {
    const { key, proposed, accounts, kits, folder } = shown
    print.facts([
      ['key', key ? `${key.recipient}, since ${print.time(key.at)}` : 'none yet', key ? undefined : 'yellow'],
      ...(key ? [['custodians', `any ${key.threshold} of ${key.custodians.map((c) => c.name).join(', ')}`] as const] : []),
      ...(proposed ? [['waits for an officer', `${proposed.recipient}, brought by ${proposed.introducedBy.name}`, 'yellow'] as const] : []),
      ['new kits go to', folder ?? 'nowhere by themselves (CLAVIGER_KIT_FOLDER)'],
    ])
    print.table<api.Breakglass['accounts'][number]>(
      [
        { title: 'ACCOUNT', value: (a) => `${a.name}@${a.target}` },
        { title: 'KIND', value: (a) => a.kind },
        {
          title: 'IN THE LOCATION',
          value: (a) =>
            a.versions.map((v) => `${v.credential} v${v.version}, ${print.time(v.rotatedAt)}`).join('; ') ||
            'not yet: its first rotation is under way',
        },
      ],
      accounts,
      'No account is for emergencies.',
    )
    print.table<api.Breakglass['kits'][number]>(
      [
        { title: 'KIT', value: (k) => k.id },
        { title: 'MADE', value: (k) => print.time(k.madeAt) },
        { title: 'BY', value: (k) => k.madeBy?.name ?? 'the server' },
        { title: 'ACCOUNTS', value: (k) => String(k.accounts) },
        { title: 'STATE', value: (k) => k.stale.join('; ') || 'good', style: (k) => (k.stale.length > 0 ? 'yellow' : 'green') },
      ],
      kits,
      'No kit was made.',
    )
    if (shown.recordings.length > 0)
      print.table<api.Breakglass['recordings'][number]>(
        [
          { title: 'RECORDING', value: (r) => r.id },
          { title: 'ACCOUNT', value: (r) => r.account },
          { title: 'WHEN', value: (r) => print.time(r.startedAt) },
          { title: 'OPENED BY', value: (r) => r.custodians.join(' and ') },
          { title: 'WHOLE', value: (r) => (r.whole ? 'yes' : 'its end is missing'), style: (r) => (r.whole ? 'green' : 'red') },
        ],
        shown.recordings,
        '',
      )
    sayNext(shell, shown)
  })
}

function sayNext({ print }: Shell, { key, proposed, accounts, kits }: api.Breakglass): void {
  const [newest] = kits
  if (proposed) print.next('claviger breakglass confirm')
  else if (!key) print.next('claviger breakglass init --custodian bob=age1… --custodian carol=age1…')
  else if (accounts.length === 0) print.next('claviger breakglass mark ACCOUNT@TARGET')
  else if (!newest || newest.stale.length > 0) print.next('claviger breakglass kit --to FILE')
}
