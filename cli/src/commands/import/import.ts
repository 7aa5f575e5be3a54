import { onboarding as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { codeFile } from '../people/change.ts'
import { collect } from '../targets/settings.ts'
import { readSource, type SourceOptions } from './read-source.ts'

interface Options extends GlobalOptions, SourceOptions {
  dryRun?: boolean
  codeFile?: string
}
interface Looked {
  item: api.Item
  account: { id: string; name: string; target: string } | null
  fate: api.Fate
}

const lookedAtOnce = 500
const sentAtOnce = 10

export const importCommand: CommandFile = (cli, act) =>
  cli
    .command('import <source>')
    .summary('bring credentials from a KeePass file, a CSV export or a KV engine into the vault')
    .description(
      'Reads a KeePass file (.kdbx), an export of CyberArk, Delinea, KeePass, Bitwarden or 1Password (CSV), another CSV file with --column, or the KV engine of a Vault or OpenBao at an address. Each credential is tried on its target, once, and stored when it opens it. Nothing is rotated: that is claviger imports rotate. Begin with --dry-run.',
    )
    .option('--dry-run', 'say what would become of each; no credential leaves this machine')
    .option('--to <target>', 'all of them are of this target')
    .option('--column <name=column>', 'which column is target, account, secret or title (repeatable)', collect)
    .option('--separator <character>', 'between the fields of a CSV file', ',')
    .option('--password-file <file>', 'the password of a KeePass file; asked for when left out')
    .option('--key-file <file>', 'the key file of a KeePass file')
    .option('--token-file <file>', 'the token for a KV engine, or standard input: -; asked for when left out')
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({
        'claviger import export.csv --dry-run': 'what would become of each',
        'claviger import ours.kdbx': 'a KeePass file; asks for its password',
        'claviger import https://vault.example.com:8200/v1/secret/servers --token-file ~/.vault-token': 'from a KV engine',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, source = '') => {
  const { print } = shell
  const { items, left, form } = await readSource(shell, source, options)
  for (const { secret } of items) shell.hide(secret)
  if (items.length === 0)
    throw new CliError('failed', `${source} holds no credential that could be brought (${left.length} lack something).`)
  const looked = await look(shell, items)
  const ready = looked.filter((l) => l.fate === 'ready' || l.fate === 'observed')
  if (options.dryRun) return say(shell, form, looked, left, ready.length)
  if (ready.length === 0) throw new CliError('failed', 'None of these can be stored.', `claviger import ${source} --dry-run`)

  const asked = `Your code stores ${ready.length} credentials of ${form}`
  const code = (await shell.ask.hidden(asked, options.codeFile, '--code-file')).replaceAll(' ', '')
  const begun = await shell.get(call(shell.server, api.beginImport, { body: { source: `${form}: ${source}`.slice(0, 200), code } }))
  const done: (Looked & { outcome: string; code: string | null })[] = []
  for (let from = 0; from < ready.length; from += sentAtOnce) {
    const some = ready.slice(from, from + sentAtOnce)
    const entries = some.flatMap(({ account, item: { credential, secret } }) =>
      account ? [{ account: account.id, credential, secret }] : [],
    )
    const sent = call(shell.server, api.importEntries, { params: { id: begun.id }, body: { entries } })
    const { entries: answered } = await shell.get(sent, `Trying and storing, ${from} of ${ready.length} so far`)
    some.forEach((one, at) => {
      done.push({ ...one, outcome: answered[at]?.outcome ?? 'failed', code: answered[at]?.code ?? null })
    })
  }
  const stored = done.filter((d) => d.outcome === 'stored')
  const shown = done.map(({ item: { at }, account, outcome, code: why }) => ({ at, account: nameOf(account), outcome, code: why }))
  print.answer({ import: begun.id, entries: shown, delete: stored.map((d) => d.item.at), left }, () => {
    print.table(
      [
        { title: 'ACCOUNT', value: (d) => d.account, style: () => 'bold' },
        { title: 'OUTCOME', value: (d) => d.outcome, style: (d) => (d.outcome === 'stored' ? 'green' : 'red') },
        { title: 'BECAUSE', value: (d) => d.code ?? '–' },
        { title: 'DELETE AT THE SOURCE', value: (d) => (d.outcome === 'stored' ? d.at : '–') },
      ],
      shown,
      'Nothing was sent.',
    )
    if (stored.length > 0) print.next(`claviger imports rotate ${begun.id}`)
  })
  if (stored.length < done.length) throw new CliError('failed', `${done.length - stored.length} of ${done.length} were not stored.`)
}

/** What would become of each item: places alone are sent, no credential. */
async function look(shell: Shell, items: readonly api.Item[]): Promise<Looked[]> {
  const looked: Looked[] = []
  for (let from = 0; from < items.length; from += lookedAtOnce) {
    const some = items.slice(from, from + lookedAtOnce)
    const entries = some.map(({ target, account, credential }) => ({ target, account, credential }))
    const answer = await shell.get(call(shell.server, api.lookAtImport, { body: { entries } }), `Looking where ${items.length} belong`)
    some.forEach((item, at) => {
      looked.push({ item, account: null, fate: 'target_unknown', ...answer.entries[at] })
    })
  }
  return looked
}

const nameOf = (account: { name: string; target: string } | null) => (account ? `${account.name}@${account.target}` : '–')

function say({ print }: Shell, form: string, looked: readonly Looked[], left: readonly { at: string; why: string }[], ready: number): void {
  const entries = [
    ...looked.map(({ item: { at, account: name, target, credential }, account, fate }) => ({
      ...{ at, wanted: `${name}@${target}`, account: nameOf(account), credential, fate: fate as string },
    })),
    ...left.map(({ at, why }) => ({ at, wanted: '–', account: '–', credential: '–', fate: why })),
  ]
  print.answer({ form, entries }, () => {
    print.table(
      [
        { title: 'IN THE SOURCE', value: (e) => e.at },
        { title: 'SAYS', value: (e) => e.wanted },
        { title: 'ACCOUNT', value: (e) => e.account, style: () => 'bold' },
        { title: 'CREDENTIAL', value: (e) => e.credential },
        {
          title: 'WOULD BE',
          value: (e) => api.fateWords[e.fate as api.Fate] ?? e.fate,
          style: (e) => (e.fate === 'ready' ? 'green' : 'yellow'),
        },
      ],
      entries,
      'There is nothing in it.',
    )
    print.line(`${ready} of ${entries.length} would be tried and stored. Nothing was sent or changed.`)
  })
}
