import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineRoute } from '@claviger/api'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fail, ok } from '../../kernel/result.ts'
import { openLog } from '../log/log.ts'
import { on, onRaw } from './handler.ts'
import { openHttp } from './server.ts'

const answer = z.strictObject({ said: z.string() })
const body = z.strictObject({ text: z.string().max(10), count: z.int().optional() })
const open = { tag: 'test', who: 'anyone' as const, answer }
const routes = {
  echo: defineRoute({ ...open, id: 'echo', method: 'POST', path: '/api/echo', summary: 'Echo', body }),
  one: defineRoute({
    ...open,
    id: 'one',
    method: 'GET',
    path: '/api/one/:id',
    summary: 'One',
    params: z.strictObject({ id: z.string().regex(/^[a-z]{3}$/) }),
    query: z.strictObject({ limit: z.coerce.number().int().max(5).optional() }),
  }),
  broken: defineRoute({ ...open, id: 'broken', method: 'POST', path: '/api/broken', summary: 'Broken' }),
  wrong: defineRoute({ ...open, id: 'wrong', method: 'GET', path: '/api/wrong', summary: 'Wrong' }),
  refused: defineRoute({ ...open, id: 'refused', method: 'GET', path: '/api/refused', summary: 'Refused' }),
  mine: defineRoute({ ...open, id: 'mine', method: 'POST', path: '/api/mine', summary: 'Mine', who: 'person' }),
  text: defineRoute({ ...open, id: 'text', method: 'GET', path: '/api/text', summary: 'Text', answer: z.string() }),
} as const

let base: string
let close: () => Promise<void>
let folder: string
const secret = 'SELECT password FROM very_internal'
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-http-'))
  const person = {
    person: 'per_aaaaaaaaaa' as never,
    name: 'alice',
    groups: ['engineers' as const],
    presence: 'x',
    signIn: 'sgn_aaaaaaaaaa' as never,
  }
  const http = await openHttp({
    ...{ host: '127.0.0.1', port: 0, console: join(folder, 'none'), log: openLog('test', 'silent') },
    handlers: [
      on(routes.echo, async ({ body: given }) => ok({ said: given.text })),
      on(routes.one, async ({ params }) => ok({ said: params.id })),
      on(routes.broken, async () => {
        throw new Error(secret)
      }),
      on(routes.wrong, async () => ok({ said: 'x', more: secret } as never)),
      on(routes.refused, async () => fail({ http: 409, body: { code: 'test.no', message: 'No. Ask somebody.' } })),
      on(routes.mine, async ({ who }) => ok({ said: who?.name ?? 'nobody' })),
      onRaw(routes.text, async () => ok({ type: 'text/plain', body: 'hello', fileName: 'x.txt' })),
    ],
    authenticate: async (token) => (token === 't'.repeat(43) ? person : undefined),
    isSetupToken: async () => false,
    ready: async () => ({ ok: false, checks: { keeper: 'It does not answer.' } }),
    metrics: async () => 'up 1\n',
  })
  base = `http://127.0.0.1:${http.port}`
  close = http.close
})
afterAll(async () => {
  await close?.()
  rmSync(folder, { recursive: true })
})

const post = (path: string, text: string | Uint8Array, type = 'application/json', more: Record<string, string> = {}) =>
  fetch(base + path, { method: 'POST', body: text as string, headers: { 'content-type': type, ...more } })
const json = async (response: Response) => ({ status: response.status, body: (await response.json()) as Record<string, unknown> })

describe('a malformed request', () => {
  test.each<[string, () => Promise<Response>, number, string]>([
    ['no JSON', () => post('/api/echo', '{"text":'), 400, 'http.malformed'],
    ['nothing', () => post('/api/echo', ''), 400, 'http.malformed'],
    ['another type of content', () => post('/api/echo', 'text=x', 'application/x-www-form-urlencoded'), 415, 'http.malformed'],
    ['JSON as text, which a foreign form can send', () => post('/api/echo', '{"text":"x"}', 'text/plain'), 400, 'http.malformed'],
    ['a field too many', () => post('/api/echo', '{"text":"x","admin":true}'), 400, 'http.malformed'],
    ['a field too long', () => post('/api/echo', JSON.stringify({ text: 'x'.repeat(11) })), 400, 'http.malformed'],
    ['a field of another kind', () => post('/api/echo', '{"text":5}'), 400, 'http.malformed'],
    ['a list', () => post('/api/echo', '[]'), 400, 'http.malformed'],
    ['null', () => post('/api/echo', 'null'), 400, 'http.malformed'],
    ['a poisoned prototype', () => post('/api/echo', '{"text":"x","__proto__":{"count":1}}'), 400, 'http.malformed'],
    ['more than it may be', () => post('/api/echo', JSON.stringify({ text: 'x'.repeat(300_000) })), 413, 'http.too_large'],
    ['bytes that are no text', () => post('/api/echo', new Uint8Array([0xff, 0xfe, 0x00])), 400, 'http.malformed'],
    ['an id that is none', () => fetch(`${base}/api/one/ABC`), 400, 'http.malformed'],
    ['an id that climbs', () => fetch(`${base}/api/one/..%2f..%2fetc`), 400, 'http.malformed'],
    ['a number too large', () => fetch(`${base}/api/one/abc?limit=6`), 400, 'http.malformed'],
    ['an unknown parameter', () => fetch(`${base}/api/one/abc?more=1`), 400, 'http.malformed'],
  ])('is told so: %s', async (_what, send, status, code) => {
    const answered = await json(await send())
    expect(answered).toMatchObject({ status, body: { code, message: expect.stringMatching(/.{20}/) } })
    expect(JSON.stringify(answered.body)).not.toMatch(/at .+\.ts|node_modules|ZodError|FST_/)
  })

  test('that is no HTTP ends its connection and nothing else', async () => {
    const port = Number(new URL(base).port)
    const said = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('\x16\x03\x01 nonsense\r\n\r\n'))
      let text = ''
      socket.on('data', (bytes) => {
        text += bytes
      })
      socket.on('close', () => resolve(text))
    })
    expect(said).toContain('400')
    expect((await fetch(`${base}/healthz`)).status).toBe(200)
  })
})

describe('an answer', () => {
  test('to what should not happen says nothing of the inside, but under which id the log has it', async () => {
    const answered = await json(await post('/api/broken', '{}'))
    expect(answered).toMatchObject({ status: 503, body: { code: 'http.failed', requestId: expect.any(String) } })
    expect(JSON.stringify(answered)).not.toContain('SELECT')
  })

  test('never carries a field that the contract does not name', async () => {
    const text = await (await fetch(`${base}/api/wrong`)).text()
    expect(text).not.toContain('SELECT')
  })

  test('that refuses has a code, a sentence and its status', async () => {
    expect(await json(await fetch(`${base}/api/refused`))).toEqual({ status: 409, body: { code: 'test.no', message: 'No. Ask somebody.' } })
  })

  test('is kept by no cache, framed by no page, and loads nothing from elsewhere', async () => {
    const { headers } = await fetch(`${base}/api/refused`)
    expect(
      Object.fromEntries(['cache-control', 'x-frame-options', 'x-content-type-options', 'referrer-policy'].map((h) => [h, headers.get(h)])),
    ).toEqual({
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    expect(headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'none'/)
    expect(headers.get('content-security-policy')).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/)
  })

  test('may be text with a name', async () => {
    const response = await fetch(`${base}/api/text`)
    expect([await response.text(), response.headers.get('content-disposition')]).toEqual(['hello', 'attachment; filename="x.txt"'])
  })
})

describe('a token', () => {
  const token = 't'.repeat(43)
  test.each<[string, Record<string, string>, number]>([
    ['as bearer', { authorization: `Bearer ${token}` }, 200],
    ['as a cookie with our header', { cookie: `claviger=${token}`, 'x-claviger': '1' }, 200],
    ['as a cookie without it', { cookie: `claviger=${token}` }, 403],
    ['of nobody', { authorization: `Bearer ${'n'.repeat(43)}` }, 401],
    ['with a space', { authorization: `Bearer ${token} x` }, 401],
    ['too short to be one', { authorization: 'Bearer t' }, 401],
    ['of another scheme', { authorization: `Basic ${token}` }, 401],
    ['that is missing', {}, 401],
    [
      'of nobody beside a good cookie: what is named explicitly counts',
      { authorization: `Bearer ${'n'.repeat(43)}`, cookie: `claviger=${token}` },
      401,
    ],
  ])('%s', async (_what, headers, status) => {
    const response = await fetch(`${base}/api/mine`, { method: 'POST', headers })
    expect(response.status).toBe(status)
  })
})

test('the contract is OpenAPI 3.1, and names every operation with its refusals', async () => {
  const document = (await (await fetch(`${base}/api/openapi.json`)).json()) as {
    openapi: string
    paths: Record<string, Record<string, { responses: object }>>
  }
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document.paths)).toEqual([
    '/api/echo',
    '/api/one/{id}',
    '/api/broken',
    '/api/wrong',
    '/api/refused',
    '/api/mine',
    '/api/text',
  ])
  expect(Object.keys(document.paths['/api/mine']?.post?.responses ?? {})).toContain('403')
  expect(await new Validator().validate(document as never)).toMatchObject({ valid: true })
})

test('health says that it lives, and readiness what is missing', async () => {
  expect((await fetch(`${base}/healthz`)).status).toBe(200)
  expect(await json(await fetch(`${base}/readyz`))).toEqual({ status: 503, body: { ok: false, checks: { keeper: 'It does not answer.' } } })
})
