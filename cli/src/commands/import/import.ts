import { onboarding as api, call, credentialKind } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { codeFile } from '../people/change.ts'
import { collect } from '../targets/settings.ts'
import { bringMany } from './bring-many.ts'
import type { Done, Looked } from './looked.ts'
import { readSource, type SourceOptions } from './read-source.ts'

interface Options extends GlobalOptions, SourceOptions {
  dryRun?: boolean
  codeFile?: string
}
const lookedAtOnce = 500
const sentAtOnce = 10

export const importCommand: CommandFile = (cli, act) =>
  cli
    .command('import <source>')
    .summary('bring credentials from a KeePass file, a CSV export or a KV engine into the vault')
    .description(
      'Reads a KeePass file (.kdbx), an export of CyberArk, Delinea, KeePass, Bitwarden or 1Password (CSV), another CSV file with --column, or the KV engine of a Vault or OpenBao at an address. Each password and key is tried on its target, once, and stored when it opens it; nothing is rotated: that is claviger imports rotate. What belongs to a target that Claviger does not reach (of the kind stored) is kept as it is: API keys, TLS certificates, JSON documents and files, too. Begin with --dry-run, which names the kind of each.',
    )
    .option('--dry-run', 'say what would become of each; no credential leaves this machine')
    .option('--to <target>', 'all of them are of this target')
    .option('--column <name=column>', 'which column is target, account, secret, title, kind or id (repeatable)', collect)
    .addOption(new Option('--kind <kind>', 'what all are that do not say it').choices(credentialKind.options))
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
        'claviger import keys.csv --kind api-key --column id=AccessKeyId --dry-run': 'API keys, with the column of their id',
        'claviger import https://vault.example.com:8200/v1/secret/servers --token-file ~/.vault-token': 'from a KV engine',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, source = '') => {
  const { items, left, form } = await readSource(shell, source, options)
  for (const { secret } of items) shell.hide(secret)
  if (items.length === 0)
    throw new CliError('failed', `${source} holds no credential that could be brought (${left.length} lack something).`)
  const looked = await look(shell, items)
  const ready = looked.filter((l) => l.fate === 'ready' || l.fate === 'observed')
  const brought = looked.filter((l) => l.fate === 'brought')
  if (options.dryRun) return say(shell, form, looked, left, ready.length, brought.length)
  if (ready.length + brought.length === 0)
    throw new CliError('failed', 'None of these can be stored.', `claviger import ${source} --dry-run`)

  const from = `${form}: ${source}`.slice(0, 200)
  const kept = brought.length === 0 ? [] : await bringMany(shell, from, brought, ready.length === 0 ? options.codeFile : undefined)
  if (ready.length === 0) return tell(shell, null, kept, left)

  const asked = `Your code stores ${ready.length} credentials of ${form}`
  const code = (await shell.ask.hidden(asked, options.codeFile, '--code-file')).replaceAll(' ', '')
  const begun = await shell.get(call(shell.server, api.beginImport, { body: { source: from, code } }))
  const done: Done[] = [...kept]
  for (let at = 0; at < ready.length; at += sentAtOnce) {
    const some = ready.slice(at, at + sentAtOnce)
    const entries = some.flatMap(({ account, item: { credential, secret } }) =>
      account && (credential === 'password' || credential === 'ssh-key') ? [{ account: account.id, credential, secret }] : [],
    )
    const sent = call(shell.server, api.importEntries, { params: { id: begun.id }, body: { entries } })
    const { entries: answered } = await shell.get(sent, `Trying and storing, ${at} of ${ready.length} so far`)
    some.forEach((one, nth) => {
      done.push({ ...one, outcome: answered[nth]?.outcome ?? 'failed', code: answered[nth]?.code ?? null })
    })
  }
  tell(shell, begun.id, done, left)
}

/** What became of each, and what to delete at the source. `id`: of the import, where something waits for its first rotation. */
function tell({ print }: Shell, id: string | null, done: readonly Done[], left: readonly { at: string; why: string }[]): void {
  const stored = done.filter((d) => d.outcome === 'stored')
  const shown = done.map((d) => ({ at: d.item.at, account: nameOf(d), credential: d.item.credential, outcome: d.outcome, code: d.code }))
  print.answer({ import: id, entries: shown, delete: stored.map((d) => d.item.at), left }, () => {
    print.table(
      [
        { title: 'ACCOUNT', value: (d) => d.account, style: () => 'bold' },
        { title: 'CREDENTIAL', value: (d) => d.credential },
        { title: 'OUTCOME', value: (d) => d.outcome, style: (d) => (d.outcome === 'stored' ? 'green' : 'red') },
        { title: 'BECAUSE', value: (d) => d.code ?? '–' },
        { title: 'DELETE AT THE SOURCE', value: (d) => (d.outcome === 'stored' ? d.at : '–') },
      ],
      shown,
      'Nothing was sent.',
    )
    if (id !== null && stored.some((d) => d.fate !== 'brought')) print.next(`claviger imports rotate ${id}`)
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
      looked.push({ item, account: null, fate: 'target_unknown', target: null, ...answer.entries[at] })
    })
  }
  return looked
}

const nameOf = ({ account, target, item }: Looked) =>
  account ? `${account.name}@${account.target}` : target ? `${item.account}@${target.name}` : '–'

function say(
  { print }: Shell,
  form: string,
  looked: readonly Looked[],
  left: readonly { at: string; why: string }[],
  ready: number,
  brought: number,
): void {
  const entries = [
    ...looked.map((one) => {
      const { at, account: name, target, credential } = one.item
      return { at, wanted: `${name}@${target}`, account: nameOf(one), credential: credential as string, fate: one.fate as string }
    }),
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
          style: (e) => (e.fate === 'ready' || e.fate === 'brought' ? 'green' : 'yellow'),
        },
      ],
      entries,
      'There is nothing in it.',
    )
    print.line(`${ready} of ${entries.length} would be tried and stored, ${brought} kept as they are. Nothing was sent or changed.`)
  })
}
