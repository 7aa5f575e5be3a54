import { type CredentialKind, credentialKind, longestValue } from '../credential-kinds.ts'

/*
 * Terminology
 *
 * - form: how a product writes its export: which columns, under which names
 * - item: one credential of an export, and where it belongs as the export says it
 * - mapping: which column says target, account and credential
 */

export interface Item {
  /** Where it stands in the source, for the list of what to delete there: a title, a path, a line. */
  at: string
  target: string
  account: string
  credential: CredentialKind
  secret: string
  /** Of bytes that are no text. */
  encoding?: 'base64'
  /** Of an API key its id, of a file its name. */
  name?: string
}
/** `kind`: what it is; `id`: of an API key its id, of a file its name. */
export type Column = 'target' | 'account' | 'secret' | 'title' | 'kind' | 'id'
export type Mapping = Partial<Record<Column, string>>

/** Names of columns, as the products write them, the best one first. Case and what is no letter or digit do not count. */
export const forms: Readonly<Record<string, Readonly<Record<Exclude<Column, 'kind' | 'id'>, readonly string[]>>>> = {
  CyberArk: { target: ['Address'], account: ['UserName'], secret: ['Password'], title: ['Password_name', 'Name', 'Object'] },
  Delinea: {
    target: ['Machine', 'Server', 'Resource', 'Domain', 'Url'],
    account: ['Username', 'User Name'],
    secret: ['Password'],
    title: ['Secret Name', 'SecretName'],
  },
  Bitwarden: { target: ['login_uri'], account: ['login_username'], secret: ['login_password'], title: ['name'] },
  '1Password': { target: ['Url', 'Urls', 'Website'], account: ['Username'], secret: ['Password'], title: ['Title'] },
  KeePass: {
    target: ['URL', 'Web Site'],
    account: ['Username', 'User Name', 'Login Name'],
    secret: ['Password'],
    title: ['Title', 'Account'],
  },
}
/** What tells a form from the others. */
const tells: Readonly<Record<string, readonly string[]>> = {
  Bitwarden: ['login_password'],
  Delinea: ['secretname'],
  '1Password': ['otpauth', 'favorite'],
  CyberArk: ['address', 'safe'],
  KeePass: ['password'],
}
/** No product's own: columns that somebody adds for what is no password. */
const added = { kind: ['Credential kind', 'Kind'], id: ['Key id', 'Access key id', 'File name'] } as const
const same = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Which product wrote a file with these columns, and what says what; what is not found is left out. */
export function recognise(header: readonly string[]): { form: string | undefined; mapping: Mapping } {
  const names = new Map(header.map((name) => [same(name), name]))
  const told = Object.entries(tells).find(([, words]) => words.every((word) => names.has(same(word))))?.[0]
  const ordered = told ? [told] : []
  for (const form of [...ordered, ...Object.keys(forms)]) {
    const columns = forms[form]
    if (!columns) continue
    const mapping: Mapping = {}
    for (const column of ['target', 'account', 'secret', 'title'] as const) {
      const found = columns[column].map((name) => names.get(same(name))).find((name) => name !== undefined)
      if (found !== undefined) mapping[column] = found
    }
    for (const column of ['kind', 'id'] as const) {
      const found = added[column].map((name) => names.get(same(name))).find((name) => name !== undefined)
      if (found !== undefined) mapping[column] = found
    }
    if (mapping.account !== undefined && mapping.secret !== undefined) return { form: told ?? form, mapping }
  }
  return { form: undefined, mapping: {} }
}

/** The host of an address as people write it: `ssh://web01:22/x`, `web01:22`, `web01`. */
export function hostOf(text: string): string {
  const rest = text.trim().replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
  const host = rest.split(/[/?#]/)[0] ?? ''
  const bare = host.includes('@') ? host.slice(host.lastIndexOf('@') + 1) : host
  return bare.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([^:]+):\d+$/, '$1')
}

export interface Read {
  items: Item[]
  /** What cannot be brought, and why; never the credential. */
  left: { at: string; why: string }[]
}

/** The items of rows whose first says the columns. `deploy@web01` as the account says the target as well; `kind`: of those that do not say theirs. */
export function itemsOf(rows: readonly (readonly string[])[], mapping: Mapping, target?: string, kind?: string): Read {
  const [header = [], ...lines] = rows
  const column = (name: string | undefined) => (name === undefined ? -1 : header.indexOf(name))
  const at = {
    target: column(mapping.target),
    account: column(mapping.account),
    secret: column(mapping.secret),
    title: column(mapping.title),
    kind: column(mapping.kind),
    id: column(mapping.id),
  }
  const read: Read = { items: [], left: [] }
  lines.forEach((line, n) => {
    const title = line[at.title]?.trim()
    const where = title ? `line ${n + 2} (${title.slice(0, 100)})` : `line ${n + 2}`
    addItem(read, {
      ...{ at: where, target: target ?? line[at.target] ?? '', account: line[at.account] ?? '', secret: line[at.secret] ?? '' },
      ...{ kind: line[at.kind]?.trim() || kind, name: line[at.id]?.trim() },
    })
  })
  return read
}

interface Found {
  at: string
  target: string
  account: string
  secret: string
  /** What the source says that it is, in its words; left out: what it looks like. */
  kind?: string | undefined
  name?: string | undefined
  encoding?: 'base64'
}

/** One that has all that it needs; else what it lacks. */
export function addItem(read: Read, { at, target, account, secret, kind, name: called, encoding }: Found): void {
  const [name = '', on = ''] = splitAccount(account.trim())
  const host = hostOf(target) || on
  const credential = kind ? kindNamed(kind) : kindOf(secret)
  const longest = credential === 'json' || credential === 'file' ? longestValue : credential === 'tls' ? 65_536 : 16_384
  const lacks = [
    ...[!host && 'no target', !name && 'no account', !secret && 'no credential'],
    !credential && `no kind of credential is called "${kind?.slice(0, 40)}"`,
    credential === 'api-key' && !called && 'no id of the API key',
    credential === 'file' && !called && 'no name of the file',
    secret.length > longest && `the credential is longer than ${longest} characters`,
  ].filter((why) => typeof why === 'string')
  if (lacks.length > 0 || !credential) return void read.left.push({ at, why: lacks.join(', ') })
  const said = credential === 'api-key' || credential === 'file' ? called?.slice(0, 256) : undefined
  read.items.push({
    ...{ at, target: host.slice(0, 253), account: name.slice(0, 128), credential, secret },
    ...(encoding && { encoding }),
    ...(said !== undefined && { name: said }),
  })
}

const splitAccount = (text: string): [string, string] => {
  const cut = text.lastIndexOf('@')
  return cut > 0 ? [text.slice(0, cut), text.slice(cut + 1)] : [text, '']
}
/** As people write it: `API key`, `tls`, `SSH_KEY`. */
const kindNamed = (text: string): CredentialKind | undefined => credentialKind.options.find((kind) => same(kind) === same(text))
function kindOf(secret: string): CredentialKind {
  const isKey = /^-----BEGIN [A-Z ]*PRIVATE KEY-----/m.test(secret)
  if (isKey && /^-----BEGIN CERTIFICATE-----/m.test(secret)) return 'tls'
  return isKey && secret.trim().startsWith('-----BEGIN') ? 'ssh-key' : 'password'
}
