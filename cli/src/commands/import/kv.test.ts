import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { readKv } from './kv.ts'

let server: Server
afterEach(() => new Promise((resolve) => server.close(resolve)))

/** Answers as the HTTP API of the KV engine says: preflight, lists that end in a slash, versions. Not a Vault. */
async function kv(
  version: '1' | '2' | 'unknown',
  secrets: Record<string, Record<string, unknown> | null>,
): Promise<{ base: string; asked: string[] }> {
  const asked: string[] = []
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://kv')
    asked.push(`${request.method} ${url.pathname}${url.search}`)
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.headers['x-vault-token'] !== 'good') return answer(403, { errors: ['permission denied'] })
    const path = decodeURIComponent(url.pathname).replace('/v1/', '')
    if (path.startsWith('sys/internal/ui/mounts/'))
      return version === 'unknown'
        ? answer(403, { errors: [] })
        : answer(200, { data: { path: 'secret/', type: 'kv', options: version === '2' ? { version } : null } })
    const below = path.replace(version === '2' ? /^secret\/(metadata|data)\// : /^secret\//, '')
    if (url.searchParams.get('list') === 'true') {
      const inside = Object.keys(secrets).filter((name) => name.startsWith(below))
      const keys = [...new Set(inside.map((name) => name.slice(below.length).replace(/\/.*/, '/')))].sort()
      return keys.length === 0 ? answer(404, { errors: [] }) : answer(200, { data: { keys } })
    }
    const secret = secrets[below]
    if (secret === undefined) return answer(404, { errors: [] })
    if (version !== '2') return answer(200, { data: secret })
    return answer(secret === null ? 404 : 200, { data: { data: secret, metadata: { version: 1 } } })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const secrets = {
  'servers/web01/deploy': { password: 'p1' },
  'servers/db': { username: 'app', password: 'p2', host: 'orders-db', port: 5432 },
  'other/thing': { note: 'nothing' },
}

describe('a KV engine', () => {
  test.each(['1', '2', 'unknown'] as const)('of version %s is read below a path: keys say what is what, else the path', async (version) => {
    const { base, asked } = await kv(version, secrets)
    const read = await readKv(`${base}/v1/secret/servers`, 'good')
    expect(read).toEqual({
      items: [
        { at: 'secret/servers/db', target: 'orders-db', account: 'app', credential: 'password', secret: 'p2' },
        { at: 'secret/servers/web01/deploy', target: 'web01', account: 'deploy', credential: 'password', secret: 'p1' },
      ],
      left: [],
    })
    expect(asked.every((line) => line.startsWith('GET '))).toBe(true)
  })

  test('has API keys with their id, and certificates with their key; and all of it as documents where that is said', async () => {
    const pairs = {
      'cloud/stripe/reports': { access_key_id: 'AKIA1', secret_access_key: 'wJalr' },
      'cloud/shop/web': { certificate: 'C', private_key: 'K', ca_chain: 'A' },
    }
    const { base } = await kv('2', pairs)
    expect((await readKv(`${base}/v1/secret/cloud`, 'good')).items).toMatchObject([
      { target: 'shop', account: 'web', credential: 'tls', secret: 'C\nA\nK' },
      { target: 'stripe', account: 'reports', credential: 'api-key', secret: 'wJalr', name: 'AKIA1' },
    ])
    const documents = (await readKv(`${base}/v1/secret/cloud`, 'good', 'json')).items
    expect(documents.map((d) => [d.credential, JSON.parse(d.secret)])).toEqual([
      ['json', pairs['cloud/shop/web']],
      ['json', pairs['cloud/stripe/reports']],
    ])
  })

  test('says of what it leaves why, and of one deleted secret that it was', async () => {
    const { base } = await kv('2', { ...secrets, 'other/gone': null })
    expect((await readKv(`${base}/secret/other`, 'good')).left).toEqual([
      { at: 'secret/other/gone', why: 'it was deleted, or is not there' },
      { at: 'secret/other/thing', why: 'no credential' },
    ])
  })

  test('is not asked with a token in the clear, and a token that may not says so', async () => {
    const { base } = await kv('2', secrets)
    await expect(readKv(`${base}/v1/secret`, 'bad')).rejects.toThrow('may not')
    await expect(readKv('http://vault.example.com/v1/secret', 'good')).rejects.toThrow('in the clear')
  })
})
