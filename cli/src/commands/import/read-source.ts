import { readFileSync, statSync } from 'node:fs'
import { type CredentialKind, onboarding } from '@claviger/api'
import { CliError } from '../../kit/exit.ts'
import type { Shell } from '../../kit/shell.ts'
import { readKdbx } from './kdbx.ts'
import { readKv } from './kv.ts'

export interface SourceOptions {
  to?: string
  column?: string[]
  separator: string
  tokenFile?: string
  passwordFile?: string
  keyFile?: string
  kind?: CredentialKind
}
type Column = onboarding.Column
/** The first bytes of every KeePass file. */
const keePass = Buffer.from('03d9a29a', 'hex')
const columns: readonly string[] = ['target', 'account', 'secret', 'title', 'kind', 'id']

/** What a file or a KV engine holds, read on this machine: nothing is sent yet. */
export async function readSource(shell: Shell, source: string, options: SourceOptions): Promise<onboarding.Read & { form: string }> {
  if (/^https?:\/\//.test(source)) {
    const token = await shell.ask.hidden('Token with which the KV engine is read', options.tokenFile, '--token-file')
    shell.hide(token)
    return { form: 'KV', ...(await shell.progress.during(`Reading ${source}`, readKv(source, token, options.kind))) }
  }
  const bytes = readWhole(source)
  if (bytes.subarray(0, 4).equals(keePass)) {
    const password = await shell.ask.hidden(`Password of ${source}`, options.passwordFile, '--password-file')
    shell.hide(password)
    const key = options.keyFile === undefined ? undefined : readWhole(options.keyFile)
    return { form: 'KeePass file', ...(await shell.progress.during(`Opening ${source}`, readKdbx(bytes, password, key, options.kind))) }
  }
  const rows = onboarding.readCsv(bytes.toString('utf8'), options.separator)
  if (!rows?.[0]) throw new CliError('usage', `${source} is no CSV file that can be read.`, 'claviger import --help')
  const known = onboarding.recognise(rows[0])
  const mapping = { ...known.mapping, ...given(options.column ?? [], rows[0]) }
  if (mapping.account === undefined || mapping.secret === undefined)
    throw new CliError(
      'usage',
      `Nothing says which column is what. The file has: ${rows[0].join(', ').slice(0, 400)}.`,
      `claviger import ${source} --column account=NAME --column secret=NAME --column target=NAME`,
    )
  return { form: known.form ?? 'CSV', ...onboarding.itemsOf(rows, mapping, options.to, options.kind) }
}

function given(pairs: readonly string[], header: readonly string[]): Partial<Record<Column, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [column = '', name = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
      if (!columns.includes(column)) throw new CliError('usage', `--column takes ${columns.join(', ')}, not "${pair}".`)
      if (!header.includes(name)) throw new CliError('usage', `The file has no column "${name}".`)
      return [column, name]
    }),
  )
}

function readWhole(file: string): Buffer {
  try {
    if (statSync(file).size > onboarding.longestCsv) throw new CliError('usage', `${file} is larger than 16 MiB.`)
    return readFileSync(file)
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    throw new CliError('usage', `Cannot read ${file} (${(cause as NodeJS.ErrnoException).code}).`)
  }
}
