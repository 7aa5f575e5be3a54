import { randomBytes } from 'node:crypto'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import type { Person } from '../support/person.ts'
import { plainSsh } from '../support/ssh.ts'
import { until } from '../support/until.ts'
import { entries } from '../support/work.ts'

/* What nobody should send is answered with a clear error, or not at all; nothing crashes, and tries at access are written down. */

let claviger: Claviger
let carol: Person
let pids: Record<string, number>
const parts = ['keeper', 'api', 'gateway', 'database'] as const

beforeAll(async () => {
  claviger = await startClaviger({ lab: true })
  carol = await claviger.person('carol')
  pids = Object.fromEntries(parts.map((part) => [part, claviger.pid(part)]))
})
afterAll(async () => {
  await claviger?.stop()
})

interface Sent {
  method?: string
  body?: string | Buffer
  type?: string
  headers?: Record<string, string>
}
async function send(path: string, { method = 'POST', body, type = 'application/json', headers = {} }: Sent = {}) {
  const response = await fetch(`${claviger.base}${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': type }), 'x-claviger': '1', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
  })
  return { status: response.status, text: await response.text(), headers: response.headers }
}
const asCarol = () => ({ authorization: `Bearer ${carol.token}` })

/** A refusal as every refusal looks: a code and a sentence, and nothing of how we are made. */
function isClear({ status, text }: { status: number; text: string }, at = ''): void {
  expect(status, `${at} ${text.slice(0, 300)}`).toBeGreaterThanOrEqual(400)
  expect(status, `${at} ${text.slice(0, 300)}`).toBeLessThan(500)
  expect(JSON.parse(text), at).toMatchObject({ code: expect.stringMatching(/^[a-z_]+\.[a-z_]+$/), message: expect.stringMatching(/[.?]$/) })
  expect(text, at).not.toMatch(/node_modules|\.ts:\d|at async|SELECT |select .* from|syntax error/)
}

describe('over HTTP', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
  test.each([
    ['no JSON', { body: '{"name": ' }],
    ['JSON of another shape', { body: '[]' }],
    ['null', { body: 'null' }],
    ['an empty body', { body: '' }],
    ['very deep JSON', { body: deep }],
    ['more than is taken', { body: JSON.stringify({ name: 'x'.repeat(1_000_000), password: 'y' }) }],
    ['wrong types', { body: '{"name": 7, "password": ["x"]}' }],
    ['unknown fields', { body: '{"name": "alice", "password": "x", "admin": true}' }],
    ['a prototype', { body: '{"__proto__": {"admin": true}, "name": "alice", "password": "x"}' }],
    ['a constructor', { body: '{"constructor": {"prototype": {"a": 1}}, "name": "alice", "password": "x"}' }],
    ['control characters in a name', { body: '{"name": "alice\\u0000", "password": "x"}' }],
    ['a name that is SQL', { body: `{"name": "a' or 1=1 --", "password": "x"}` }],
    ['another media type', { body: '<name/>', type: 'application/xml' }],
    ['a form', { body: 'name=alice&password=x', type: 'application/x-www-form-urlencoded' }],
    ['bytes that are no text', { body: randomBytes(300) }],
  ] as [string, Sent][])('%s is refused in plain words', async (_what, sent) => {
    isClear(await send('/api/sign-in', sent))
  })

  test.each([
    '/api/requests/req_nope',
    '/api/requests/..%2f..%2fetc%2fpasswd',
    '/api/requests/%00',
    '/api/requests/%E0%A4%A',
    '/api/nothing-here',
    '/api/ledger?limit=-1',
    '/api/ledger?limit=1e9',
    '/api/ledger?limit=1&limit=2',
    '/api/alarms?after[]=1',
    '/api/sessions/ses_0000000000/replay.cast',
  ])('%s is refused in plain words', async (path) => {
    isClear(await send(path, { method: 'GET', headers: asCarol() }), path)
  })

  test('addresses that are too long are refused in plain words', async () => {
    for (const path of [`/api/requests/${'a'.repeat(5_000)}`, `/api/ledger?act=${'x'.repeat(2_000)}`])
      isClear(await send(path, { method: 'GET', headers: asCarol() }))
  })

  test.each(['PUT', 'TRACE-ME', 'OPTIONS', 'PROPFIND'])('the method %s is answered', async (method) => {
    const answer = await send('/api/sign-in', { method })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.text).not.toMatch(/node_modules|at async/)
  })

  test('headers that no client sends are answered or cut off', async () => {
    for (const raw of [
      'GET / HTTP/9.9\r\n\r\n',
      `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
      'POST /api/sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n',
      randomBytes(2_000),
    ]) {
      const said = await new Promise<string>((resolve) => {
        let text = ''
        const socket = connectTcp(claviger.ports.http, '127.0.0.1', () => socket.end(raw))
        socket.setTimeout(10_000, () => socket.destroy())
        socket.on('data', (bytes) => {
          text += bytes
        })
        socket.on('error', () => undefined)
        socket.on('close', () => resolve(text))
      })
      expect(said).not.toMatch(/node_modules|at async|\.ts:\d/)
    }
  })

  test('a token that is none is nobody', async () => {
    for (const authorization of [
      'Bearer x',
      `Bearer ${'a'.repeat(100_000)}`.slice(0, 9_000),
      'Basic YTpi',
      `Bearer ${randomBytes(32).toString('base64url')}`,
    ])
      isClear(await send('/api/me', { method: 'GET', headers: { authorization } }))
    isClear(await send('/api/me', { method: 'GET', headers: { cookie: 'claviger=../../etc' } }))
  })

  test('a write that comes with a cookie from another page is not done', async () => {
    const cookie = `claviger=${carol.token}`
    const body = JSON.stringify({ reason: 'x' })
    const path = '/api/grants/grt_0000000000/end'
    for (const headers of [
      { cookie, 'x-claviger': '' },
      { cookie, origin: 'https://evil.example' },
      { cookie, origin: 'null' },
    ]) {
      const answer = await send(path, { body, headers })
      expect({ status: answer.status, code: JSON.parse(answer.text).code }).toEqual({ status: 403, code: 'http.cross_site' })
    }
    // the same from the console itself gets past
    expect((await send(path, { body, headers: { cookie, origin: claviger.base } })).text).not.toContain('cross_site')
  })
})

describe('the OpenAPI document', () => {
  interface Document {
    openapi: string
    paths: Record<string, Record<string, { security?: unknown; operationId: string }>>
  }
  const document = async () => JSON.parse((await send('/api/openapi.json', { method: 'GET' })).text) as Document

  test('is valid, and 3.1', async () => {
    const read = await document()
    expect(read.openapi).toMatch(/^3\.1\./)
    const validated = await new Validator().validate(read as never)
    expect(validated).toMatchObject({ valid: true })
  })

  test('names every operation for which one must sign in, and none of them answers without', async () => {
    const { paths } = await document()
    const guarded: string[] = []
    for (const [path, methods] of Object.entries(paths))
      for (const [method, operation] of Object.entries(methods)) {
        if (!operation.security) continue
        guarded.push(operation.operationId)
        const concrete = path.replace(/\{id\}/g, 'req_0000000000')
        const answer = await send(concrete, { method: method.toUpperCase(), ...(method !== 'get' && { body: '{}' }) })
        expect({ operation: operation.operationId, status: answer.status }).toEqual({ operation: operation.operationId, status: 401 })
        expect(JSON.parse(answer.text).code).toBe('http.not_signed_in')
      }
    expect(guarded.length).toBeGreaterThan(20)
  })
})

describe('at the SSH door', () => {
  const odd = [
    'alice',
    '@@',
    'alice@deploy',
    "alice'; drop table person; --@deploy@web01",
    'alice@../../etc/passwd@web01',
    'älice@deploy@wéb01',
    'alice@deploy@web01\u001b[31m',
  ]
  const long = ['a'.repeat(5_000), `${'a@'.repeat(500)}x`]
  test.each([...odd.map((user) => [user, user]), ...long.map((user) => [`a name of ${user.length} letters`, user])])(
    '%s gets nowhere',
    async (_what, user) => {
      const args = [
        '-p',
        `${claviger.ports.ssh}`,
        '-o',
        'StrictHostKeyChecking=no',
        '-o',
        'UserKnownHostsFile=/dev/null',
        '-o',
        'NumberOfPasswordPrompts=1',
      ]
      const program = plainSsh(
        claviger.work,
        [
          ...args,
          '-i',
          join(claviger.data, 'lab', 'keys', 'alice'),
          '-o',
          'IdentitiesOnly=yes',
          '-l',
          user ?? '',
          '127.0.0.1',
          'echo open',
        ],
        '000000',
      )
      expect(await program.ended).toBe(255)
      expect(program.out()).not.toContain('open')
      expect(program.said()).not.toMatch(/node_modules|at async/)
    },
  )

  test('what did not even parse is in the ledger as an attempt', async () => {
    await until('the attempts in the ledger', async () =>
      (await entries(carol, 'session.attempt')).some((e) => e.fields.code === 'ssh.malformed'),
    )
  })

  test('random bytes end their connection and no other', async () => {
    for (let i = 0; i < 5; i++)
      await new Promise<void>((resolve) => {
        const socket = connectTcp(claviger.ports.ssh, '127.0.0.1', () =>
          socket.end(Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), randomBytes(4_000)])),
        )
        socket.setTimeout(10_000, () => socket.destroy())
        socket.on('data', () => undefined)
        socket.on('error', () => undefined)
        socket.on('close', () => resolve())
      })
  })
})

describe("on the keeper's socket", () => {
  const frame = (json: unknown, extra = Buffer.alloc(0)) => {
    const text = Buffer.from(typeof json === 'string' ? json : JSON.stringify(json))
    const head = Buffer.alloc(8)
    head.writeUInt32BE(4 + text.length + extra.length, 0)
    head.writeUInt32BE(text.length, 4)
    return Buffer.concat([head, text, extra])
  }
  const tooLong = Buffer.from('ffffffff00000000', 'hex')
  test.each([
    ['random bytes', randomBytes(3_000)],
    ['a frame that is too long', tooLong],
    ['a frame whose JSON is longer than itself', Buffer.from('00000008ffffffff00000000', 'hex')],
    ['no JSON', frame('{')],
    ['no hello', frame({ call: 1, operation: 'status', args: {} })],
    ['a role that is none', frame({ role: 'root', token: 'x' })],
    ['a wrong token', frame({ role: 'api', token: 'x' })],
    ['a very deep hello', frame(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)],
  ])('%s are cut off without an answer', async (_what, bytes) => {
    const heard = await new Promise<number>((resolve) => {
      let count = 0
      const socket = connectTcp(join(claviger.data, 'run', 'keeper', 'keeper.sock'), () => socket.write(bytes))
      socket.setTimeout(5_000, () => socket.destroy())
      socket.on('data', (more) => {
        count += more.length
      })
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(count))
    })
    expect(heard).toBe(0)
  })
})

test('after all this the same processes run, and all is well', async () => {
  await sleep(500)
  expect(Object.fromEntries(parts.map((part) => [part, claviger.pid(part)]))).toEqual(pids)
  expect((await claviger.ready()).ok).toBe(true)
  expect(claviger.said()).not.toMatch(/unhandled|uncaught/i)
})
