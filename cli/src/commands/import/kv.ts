import { type CredentialKind, onboarding } from '@claviger/api'
import { CliError } from '../../kit/exit.ts'

const { addItem } = onboarding
type Read = onboarding.Read

/** More than this nobody looks through, and more answers one server should not have to give. */
const mostPaths = 10_000
const deepest = 20
const longestAnswer = 1_048_576
const patience = 20_000

/** Which key of a secret says what; the first that is there. */
const keys = {
  target: ['host', 'hostname', 'server', 'address', 'target', 'url', 'ip'],
  account: ['username', 'user', 'login', 'account'],
  secret: ['password', 'pass', 'private_key', 'ssh_key', 'privatekey', 'secret', 'value'],
} as const

/** What is more than one key: the certificate with its private key, the secret of an API key with its id. */
const pairs = {
  certificate: ['certificate', 'cert', 'tls.crt', 'tls_cert'],
  chain: ['ca_chain', 'chain', 'issuing_ca'],
  key: ['private_key', 'key', 'tls.key', 'tls_key'],
  id: ['access_key_id', 'aws_access_key_id', 'access_key', 'api_key_id', 'key_id', 'client_id'],
  secret: ['secret_access_key', 'aws_secret_access_key', 'secret_key', 'api_key_secret', 'api_secret', 'client_secret', 'api_key', 'token'],
} as const

function pairIn(found: (names: readonly string[]) => string, kind: CredentialKind | undefined) {
  const [certificate, key, id] = [found(pairs.certificate), found(pairs.key), found(pairs.id)]
  const secret = found(pairs.secret) || found(keys.secret)
  if ((kind ?? 'tls') === 'tls' && certificate && key)
    return { secret: [certificate, found(pairs.chain), key].filter(Boolean).join('\n'), kind: 'tls' }
  return (kind ?? 'api-key') === 'api-key' && id && secret ? { secret, kind: 'api-key', name: id } : undefined
}

interface Mount {
  mount: string
  version: 1 | 2
  path: string
}

/**
 * The KV engine of a Vault or OpenBao below a path, read over its HTTP API (`GET …?list=true`), version 1 or 2. Nothing is written
 * there. `kind`: what all of them are; `json` takes a secret whole, as the document that it is.
 */
export async function readKv(address: string, token: string, kind?: CredentialKind): Promise<Read> {
  const { base, path } = placeOf(address)
  const ask = async (of: string, list = false): Promise<Record<string, unknown> | undefined> => {
    const url = `${base}/v1/${of.split('/').map(encodeURIComponent).join('/')}${list ? '?list=true' : ''}`
    const headers = { 'x-vault-token': token, 'x-vault-request': 'true' }
    const answer = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(patience) }).catch(() => undefined)
    if (!answer) throw new CliError('unreachable', `${base} does not answer.`)
    if (answer.status === 404) return undefined
    if (answer.status === 403) throw new CliError('refused', `The token may not ${list ? 'list' : 'read'} ${of} there.`)
    if (!answer.ok) throw new CliError('failed', `${base} answers ${answer.status} for ${of}.`)
    const text = await answer.text()
    if (text.length > longestAnswer) throw new CliError('failed', `The answer of ${base} for ${of} is too large.`)
    return objectOf(objectOf(JSON.parse(text)).data)
  }

  const { mount, version, path: below } = await mountOf(ask, path)
  const read: Read = { items: [], left: [] }
  let seen = 0
  const walk = async (at: string, depth: number): Promise<void> => {
    const listed = depth > deepest ? undefined : await ask(`${mount}${version === 2 ? 'metadata/' : ''}${at}`, true)
    const names = Array.isArray(listed?.keys) ? listed.keys.filter((name) => typeof name === 'string') : undefined
    if (!names) return await one(at.replace(/\/$/, ''))
    for (const name of names) {
      if (++seen > mostPaths) throw new CliError('usage', `There are more than ${mostPaths} secrets below this path. Name a deeper one.`)
      if (name.endsWith('/')) await walk(`${at}${name}`, depth + 1)
      else await one(`${at}${name}`)
    }
  }
  const one = async (at: string): Promise<void> => {
    const data = await ask(`${mount}${version === 2 ? 'data/' : ''}${at}`)
    const secret = version === 2 ? data && objectOf(data.data) : data
    const where = `${mount}${at}`
    if (!secret) return void read.left.push({ at: where, why: 'it was deleted, or is not there' })
    const found = (names: readonly string[]) => {
      const key = Object.keys(secret).find((k) => names.includes(k.toLowerCase()))
      return key !== undefined && typeof secret[key] === 'string' ? secret[key] : ''
    }
    // `servers/web01/deploy`: where no key says it, the last two names of the path do
    const [folder = '', last = ''] = at.split('/').slice(-2)
    const what = kind === 'json' ? { secret: JSON.stringify(secret), kind } : (pairIn(found, kind) ?? { secret: found(keys.secret), kind })
    addItem(read, { at: where, ...what, target: found(keys.target) || folder, account: found(keys.account) || last })
  }
  await walk(below === '' || below.endsWith('/') ? below : `${below}/`, 0)
  return read
}

async function mountOf(ask: (of: string) => Promise<Record<string, unknown> | undefined>, path: string): Promise<Mount> {
  const told = await ask(`sys/internal/ui/mounts/${path}`).catch((error: unknown) => {
    if (error instanceof CliError && error.exit === 'refused') return undefined
    throw error
  })
  const [first = '', ...rest] = path.split('/')
  if (typeof told?.path !== 'string') return { mount: `${first}/`, version: 1, path: rest.join('/') }
  const version = String(objectOf(told.options).version ?? '1') === '2' ? 2 : 1
  return { mount: told.path, version, path: path.startsWith(told.path) ? path.slice(told.path.length) : '' }
}

function placeOf(address: string): { base: string; path: string } {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new CliError('usage', `"${address}" is no address such as https://vault.example.com:8200/v1/secret/servers.`)
  if (url.protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname))
    throw new CliError('usage', `${url.origin} would carry the token and every credential in the clear.`)
  const path = decodeURIComponent(url.pathname).replace(/^\/(v1\/)?/, '')
  if (path === '') throw new CliError('usage', 'Say which mount: https://vault.example.com:8200/v1/secret', 'claviger import --help')
  return { base: url.origin, path }
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
