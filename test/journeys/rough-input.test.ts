import { randomBytes } from 'node:crypto'
import { connect, type NetConnectOpts } from 'node:net'
import { join } from 'node:path'
import { access, call } from '@claviger/api'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ensureKey } from '../../cli/src/ssh/identity.ts'
import { encodeFrame } from '../../server/src/keeper/wire/frames.ts'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import type { Person } from '../support/person.ts'
import { plainSsh } from '../support/ssh.ts'
import { until } from '../support/until.ts'
import { entries } from '../support/work.ts'

/* Whatever comes in at a door is answered by a clear sentence or by a closed connection. No part ends, and nothing of the inside is told. */

let claviger: Claviger
let carol: Person
let pids: number[]
const parts = ['keeper', 'api', 'gateway'] as const
const running = () => parts.map((part) => claviger.pid(part))
beforeAll(async () => {
  claviger = await startClaviger({ lab: true })
  carol = await claviger.person('carol')
  pids = running()
})
afterAll(() => claviger?.stop())
afterEach(async () => {
  expect(running()).toEqual(pids)
  await claviger.untilReady()
})

/** A line of a stack, a path, a name of a library or of a table: nothing that belongs into an answer. */
const inside = /\bat .+[:(]\d+|node_modules|\.ts\b|\/(tmp|home|root|work|usr|var)\/|ZodError|FST_|SyntaxError|ECONN|pg_|select .+ from/i

/** Bytes on a socket as they are; what came back until it closed. `end` closes our half after them. */
async function send(to: NetConnectOpts, bytes: Buffer | string, { end = true } = {}): Promise<string> {
  const socket = connect(to)
  let said = ''
  await new Promise<void>((resolve) => {
    const patience = setTimeout(() => {
      said = 'the connection was not closed'
      socket.destroy()
    }, 180_000)
    socket.on('error', () => socket.destroy())
    socket.on('data', (heard) => {
      said = `${said}${heard.toString('latin1')}`.slice(0, 100_000)
    })
    socket.on('close', () => {
      clearTimeout(patience)
      resolve()
    })
    if (end) socket.end(bytes)
    else socket.write(bytes)
  })
  return said
}

describe('the SSH door', () => {
  const attempts = async () => await entries(carol, 'session.attempt')

  test.each<[string, string]>([
    ['one field', 'alice'],
    ['two fields', 'alice@deploy'],
    ['empty fields', '@@'],
    ['a blank', 'alice@de ploy@web01'],
    ['a path', 'alice@deploy@../../etc/passwd'],
    ['an option', 'alice@-oProxyCommand@web01'],
    ['letters of elsewhere', 'ålice@deploy@wéb01'],
    ['more than it may have', `alice@${'b'.repeat(300)}@web01`],
    ['very much more', `alice@deploy@${'w'.repeat(20_000)}`],
  ])('tells the real ssh how a user name looks, when it has %s, and enters the attempt', async (_what, name) => {
    const before = (await attempts()).length
    const folder = join(claviger.work, 'anybody')
    ensureKey(folder, 'anybody')
    const program = plainSsh(
      claviger.work,
      [
        ...['-p', `${claviger.ports.ssh}`, '-i', join(folder, 'id_ed25519'), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'],
        ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-l', name, '127.0.0.1', 'echo in'],
      ],
      '',
    )
    expect(await program.ended).toBe(255)
    expect(program.said()).toContain('Connect as person@account@target')
    expect(program.said()).not.toMatch(inside)
    await until('the entry of the attempt', async () => (await attempts()).length > before)
    expect((await attempts()).every((e) => e.phase === 'refused' && e.fields.door === 'ssh')).toBe(true)
  })

  test('ends what does not speak SSH, enters it, and lets the next one in', async () => {
    const to = { host: '127.0.0.1', port: claviger.ports.ssh }
    const known = new Set((await attempts()).map((e) => e.id))
    const answers: string[] = []
    answers.push(await send(to, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'))
    for (const size of [1, 255, 4_000, 70_000]) {
      answers.push(await send(to, randomBytes(size)))
      answers.push(await send(to, Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), randomBytes(size)])))
      answers.push(await send(to, Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Buffer.from([0, 0, 255, 255]), randomBytes(size)])))
    }
    answers.push(await send(to, Buffer.alloc(300_000, 'a')))
    for (const answer of answers) expect(answer).not.toMatch(inside)
    await until('an entry of it', async () => (await attempts()).some((e) => !known.has(e.id) && e.fields.code === 'ssh.malformed'))
    expect(await send(to, '')).toMatch(/^SSH-2\.0-Claviger\r\n/)
  })
})

describe('the HTTP door', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  const json = { 'content-type': 'application/json' }
  type Way = [string, string, string, { body?: string | Uint8Array; headers?: Record<string, string> }, number]
  const good = { account: 'deploy@web01', duration: '1h', reason: 'a journey' }
  const filed = (over: object) => ({ body: JSON.stringify({ ...good, ...over }), headers: json })
  const id = 'req_aaaaaaaaaa'

  test.each<Way>([
    ['a megabyte', 'POST', '/api/requests', filed({ reason: 'x'.repeat(1024 * 1024) }), 413],
    ['a megabyte at the sign-in, of nobody', 'POST', '/api/sign-in', { body: Buffer.alloc(1024 * 1024, 'x'), headers: json }, 413],
    ['a hundred thousand levels', 'POST', '/api/requests', { body: nested(100_000), headers: json }, 400],
    ['levels in a field', 'POST', '/api/requests', { body: `{"account":${nested(50_000)}}`, headers: json }, 400],
    ['a number as text', 'POST', '/api/requests', filed({ reason: 5 }), 400],
    ['a list as text', 'POST', '/api/requests', filed({ account: ['deploy@web01'] }), 400],
    ['null', 'POST', '/api/requests', { body: 'null', headers: json }, 400],
    ['a text alone', 'POST', '/api/requests', { body: '"x"', headers: json }, 400],
    ['broken JSON', 'POST', '/api/requests', { body: '{"account":', headers: json }, 400],
    ['nothing', 'POST', '/api/requests', { body: '', headers: json }, 400],
    ['no JSON at all', 'POST', '/api/requests', { body: randomBytes(500), headers: json }, 400],
    ['an unknown field', 'POST', '/api/requests', filed({ state: 'approved' }), 400],
    ['a poisoned prototype', 'POST', '/api/requests', { body: '{"__proto__":{"account":"x"}}', headers: json }, 400],
    ['a NUL in a text', 'POST', '/api/requests', filed({ reason: 'a\u0000b' }), 400],
    ['control characters in a text', 'POST', '/api/requests', filed({ reason: '\u001b[2J gone' }), 400],
    [
      'half a character',
      'POST',
      '/api/requests',
      { body: '{"account":"deploy@web01","duration":"1h","reason":"\\ud800"}', headers: json },
      400,
    ],
    ['an endless duration', 'POST', '/api/requests', filed({ duration: '99999999999999999999h' }), 400],
    ['a negative duration', 'POST', '/api/requests', filed({ duration: '-1h' }), 400],
    ['a form', 'POST', '/api/requests', { body: 'account=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['XML', 'POST', '/api/requests', { body: '<a/>', headers: { 'content-type': 'application/xml' } }, 415],
    ['a type that is none', 'POST', '/api/requests', { body: '{}', headers: { 'content-type': ';;;' } }, 415],
    ['an id of another kind', 'GET', '/api/requests/per_aaaaaaaaaa', {}, 400],
    ['an id in capitals', 'GET', '/api/requests/REQ_AAAAAAAAAA', {}, 400],
    ['an id that climbs', 'GET', '/api/requests/..%2f..%2fetc%2fpasswd', {}, 400],
    ['an id with SQL', 'GET', `/api/requests/${encodeURIComponent(`${id}' or 1=1 --`)}`, {}, 400],
    ['an id with a NUL', 'GET', `/api/requests/${id}%00`, {}, 400],
    ['an id of nothing', 'GET', `/api/requests/${id}`, {}, 404],
    ['an endless id', 'GET', `/api/requests/${'a'.repeat(3_000)}`, {}, 414],
    ['a path that does not decode', 'GET', '/api/requests/%ff%', {}, 400],
    ['a limit beyond all', 'GET', '/api/ledger?limit=1e99', {}, 400],
    ['a limit that is none', 'GET', '/api/ledger?limit=many', {}, 400],
    ['a negative limit', 'GET', '/api/ledger?limit=-1', {}, 400],
    ['a limit twice', 'GET', '/api/ledger?limit=1&limit=2', {}, 400],
    ['an unknown parameter', 'GET', '/api/ledger?sort=1', {}, 400],
    ['a method that it has not', 'PUT', '/api/requests', filed({}), 404],
    ['a method that deletes', 'DELETE', `/api/requests/${id}`, {}, 404],
    ['an unknown path', 'GET', '/api/nothing', {}, 404],
    ['an unknown path to write to', 'POST', '/nothing', { body: '{}', headers: json }, 404],
    ['a token that is none', 'GET', '/api/me', { headers: { authorization: 'Bearer x' } }, 401],
    ['an endless token', 'GET', '/api/me', { headers: { authorization: `Bearer ${'x'.repeat(8_000)}` } }, 401],
  ])('answers %s by a code and a sentence', async (_what, method, path, { body, headers }, status) => {
    const response = await fetch(claviger.base + path, {
      method,
      headers: { authorization: `Bearer ${carol.token}`, ...headers },
      ...(body !== undefined && { body: body as string }),
    })
    const text = await response.text()
    expect([response.status, text]).toEqual([status, expect.stringMatching(/^\{/)])
    expect(JSON.parse(text)).toMatchObject({ code: expect.stringMatching(/^[a-z]+\.[a-z_]+$/), message: expect.stringMatching(/.{15}/) })
    expect(text).not.toMatch(inside)
  })

  test.each<[string, string | Buffer, number]>([
    ['what is no HTTP', '\x16\x03\x01 nonsense\r\n\r\n', 400],
    ['a method that there is not', 'BREW /api/me HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['a length that is none', 'POST /api/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n', 400],
    ['two lengths', 'POST /api/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['no host', 'GET /api/me HTTP/1.1\r\n\r\n', 400],
    ['headers without an end', `GET /api/me HTTP/1.1\r\nHost: x\r\n${'X-More: y\r\n'.repeat(5_000)}\r\n`, 431],
    ['random bytes', Buffer.concat([Buffer.from([0]), randomBytes(5_000)]), 400],
  ])('answers %s on its wire, and closes', async (_what, bytes, status) => {
    const said = await send({ host: '127.0.0.1', port: claviger.ports.http }, bytes, { end: false })
    expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    if (!bytes.toString().startsWith('GET /api/me HTTP/1.1\r\n\r\n'))
      expect(JSON.parse(said.slice(said.indexOf('\r\n\r\n') + 4))).toMatchObject({ code: expect.any(String), message: expect.any(String) })
    expect(said).not.toMatch(inside)
  })

  test('did nothing of all that', async () => {
    expect(await call(carol.api, access.requests, { query: {} })).toMatchObject({ ok: true, value: { requests: [] } })
  })
})

describe('the contract', () => {
  interface Operation {
    method: string
    path: string
    secured: boolean
  }
  let document: { openapi: string; paths: Record<string, Record<string, { security?: object[] }>> }
  let all: Operation[]
  beforeAll(async () => {
    document = (await (await fetch(`${claviger.base}/api/openapi.json`)).json()) as typeof document
    all = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({
        method: method.toUpperCase(),
        path: path.replace(/\{[^}]+\}/g, 'per_aaaaaaaaaa'),
        secured: (security?.length ?? 0) > 0,
      })),
    )
  })
  const code = async (o: Operation, headers: Record<string, string>) => {
    const response = await fetch(claviger.base + o.path, { method: o.method, headers })
    return [o.method, o.path, response.status, ((await response.json()) as { code?: string }).code]
  }

  test('is OpenAPI 3.1', async () => {
    expect(document.openapi).toMatch(/^3\.1\./)
    expect(await new Validator().validate(document as never)).toMatchObject({ valid: true })
    expect(all.length).toBeGreaterThan(40)
  })

  test('opens nothing that names security to somebody without a token', async () => {
    const secured = all.filter((o) => o.secured)
    expect(secured.length).toBeGreaterThan(30)
    for (const o of secured)
      for (const headers of [
        {},
        { authorization: `Bearer ${'n'.repeat(43)}` },
        { cookie: `claviger=${'n'.repeat(43)}`, 'x-claviger': '1' },
      ])
        expect(await code(o, headers as Record<string, string>)).toEqual([o.method, o.path, 401, 'http.not_signed_in'])
  })

  // a checkpoint and a certificate are for the public to keep; a diverged ledger lets nobody sign in, so its officers bring password and code
  test('leaves open the first run, signing in, enrolment, the custodians’ shares, our public certificate, a read by its ticket, the checkpoint, the state of the ledger and the acknowledgement alone', () => {
    const open = all.filter((o) => !o.secured).map((o) => o.path)
    expect(
      open.filter(
        (path) =>
          !/^\/api\/(setup|sign-in|enrol|seal(\/(init|unseal|open|ceremony\/share))?$|gateway-ca\.pem$|credential$|ledger\/(checkpoint|state|acknowledge)$)/.test(
            path,
          ),
      ),
    ).toEqual([])
  })

  test('writes nothing for another page that a browser sends the cookie to', async () => {
    const cookie = `claviger=${carol.token}`
    const writes = all.filter((o) => o.method !== 'GET')
    expect(writes.length).toBeGreaterThan(15)
    for (const o of writes)
      for (const headers of [
        { cookie },
        { cookie, 'x-claviger': '0' },
        { cookie, 'x-claviger': '1', origin: 'https://elsewhere.example' },
        { cookie, 'x-claviger': '1', origin: 'null' },
        { cookie, origin: claviger.base },
      ] as Record<string, string>[])
        expect(await code(o, headers)).toEqual([o.method, o.path, 403, 'http.cross_site'])
    const own = await fetch(`${claviger.base}/api/requests`, {
      method: 'POST',
      body: '{}',
      headers: { cookie, 'x-claviger': '1', origin: claviger.base, 'content-type': 'application/json' },
    })
    expect([own.status, await own.json()]).toEqual([400, expect.objectContaining({ code: 'http.malformed' })])
  })
})

describe('the keeper’s socket', () => {
  const announcing = (total: number, json: number) => {
    const head = Buffer.alloc(8)
    head.writeUInt32BE(total, 0)
    head.writeUInt32BE(json, 4)
    return head
  }
  const text = (json: string) => {
    const bytes = Buffer.from(json)
    return Buffer.concat([announcing(4 + bytes.length, bytes.length), bytes])
  }
  test.each<[string, Buffer, boolean]>([
    ['random bytes', Buffer.concat([Buffer.from([0xfe]), randomBytes(4_000)]), false],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), false],
    ['a frame of four gigabytes', announcing(0xffff_ffff, 2), false],
    ['a frame of ninety megabytes, before it said who it is', announcing(90 * 1024 * 1024, 2), false],
    ['a frame of nothing', announcing(0, 0), false],
    ['a frame whose JSON is longer than itself', Buffer.concat([announcing(8, 100), randomBytes(100)]), false],
    ['half a frame', announcing(100, 50), true],
    ['broken JSON', text('{"role":'), false],
    ['levels', text(`${'['.repeat(400)}${']'.repeat(400)}`), false],
    ['null', text('null'), false],
    ['a call before it said who it is', encodeFrame({ call: 1, operation: 'gatewayHostKey', args: {} }), false],
    ['a token that is none', encodeFrame({ role: 'gateway', token: 'x'.repeat(43) }), false],
    ['a role that there is not', encodeFrame({ role: '__proto__', token: 'x' }), false],
    ['nothing', Buffer.alloc(0), true],
  ])('closes without a word when it gets %s', async (_what, bytes, end) => {
    expect(await send({ path: join(claviger.data, 'run', 'keeper', 'keeper.sock') }, bytes, { end })).toBe('')
  })
})
