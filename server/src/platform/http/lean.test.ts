import { defineRoute } from '@claviger/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Explained } from '../../kernel/errors.ts'
import { fail, ok } from '../../kernel/result.ts'
import { openLog } from '../log/log.ts'
import { on, onLean } from './handler.ts'
import { openHttp } from './server.ts'

const open = { tag: 'test', who: 'anyone', method: 'GET', summary: 'Test' } as const
const said = z.strictObject({ said: z.string() })
const read = defineRoute({
  ...open,
  id: 'read',
  path: '/api/read',
  query: z.strictObject({ of: z.enum(['a', 'b']).optional() }),
  answer: said,
})
const own = defineRoute({ ...open, id: 'own', path: '/api/own', who: 'person', answer: said })

const ticket = `clvr_${'t'.repeat(22)}`
const other = (what: string) => `clvr_${what.padEnd(22, '-')}`
const secret = 'SELECT password FROM very_internal'
let sealed: Explained | undefined
let http: Awaited<ReturnType<typeof openHttp>>
let base: string
const openOne = async () =>
  await openHttp({
    ...{ host: '127.0.0.1', port: 0, console: '/nowhere', log: openLog('test', 'silent') },
    handlers: [
      onLean(read, async ({ token, source, query, who }) => {
        if (token === other('refused')) return fail({ http: 403, body: { code: 'test.no', message: 'No. Ask somebody.' } })
        if (token === other('broken')) throw new Error(secret)
        if (token === other('more')) return ok({ said: 'x', more: secret } as never)
        return ok({ said: `${token} ${source} ${query.of ?? 'nothing'} ${who?.name ?? 'nobody'} “ä”` })
      }),
      on(own, async () => ok({ said: 'yours' })),
    ],
    authenticate: async () => undefined,
    isSetupToken: async () => false,
    closed: async () => sealed,
    ready: async () => ({ ok: true, checks: {} }),
    metrics: async () => '',
  })
beforeAll(async () => {
  http = await openOne()
  base = `http://127.0.0.1:${http.port}`
})
afterAll(() => http?.close())

async function answered(token: string, more: Record<string, string> = {}, path = '/api/read') {
  const response = await fetch(base + path, { headers: { authorization: `Bearer ${token}`, ...more } })
  const { date: _, ...headers } = Object.fromEntries(response.headers)
  return { status: response.status, headers, body: (await response.json()) as Record<string, unknown> }
}
/** A cookie makes a request go through the framework. */
const throughFramework = (token: string) => answered(token, { cookie: 'x=y' })
/** Each names its request by another id. */
const nameless = (one: Awaited<ReturnType<typeof answered>>) => {
  const { 'content-length': _, ...headers } = one.headers
  return one.body.requestId ? { ...one, headers, body: { ...one.body, requestId: '' } } : one
}

describe('what is answered before the framework', () => {
  test('is what was asked for, for a ticket and the address that shows it', async () => {
    expect(await answered(ticket)).toMatchObject({ status: 200, body: { said: `${ticket} 127.0.0.1 nothing nobody “ä”` } })
  })

  test.each([
    ['yes', ticket, 200],
    ['no', other('refused'), 403],
    ['what should not happen', other('broken'), 503],
    ['a field that the contract does not name', other('more'), 503],
  ])('is byte for byte, headers as well, what the framework answers: %s', async (_what, token, status) => {
    const lean = await answered(token)
    expect(lean.status).toBe(status)
    expect(nameless(lean)).toEqual(nameless(await throughFramework(token)))
    expect(JSON.stringify(lean.body)).not.toContain('SELECT')
  })

  test('is nothing while the seal is closed', async () => {
    sealed = { http: 503, body: { code: 'keeper.sealed', message: 'It is sealed. Open it.' } }
    try {
      const lean = await answered(ticket)
      expect(lean).toMatchObject({ status: 503, body: { code: 'keeper.sealed' } })
      expect(lean).toEqual(await throughFramework(ticket))
    } finally {
      sealed = undefined
    }
  })
})

describe('what is not that plain goes through the framework', () => {
  test('parameters, which are parsed there', async () => {
    expect((await answered(ticket, {}, '/api/read?of=b')).body).toEqual({ said: `${ticket} 127.0.0.1 b nobody “ä”` })
    expect(await answered(ticket, {}, '/api/read?of=c')).toMatchObject({ status: 400, body: { code: 'http.malformed' } })
  })

  test('another method, no ticket, and other operations', async () => {
    expect((await fetch(`${base}/api/read`, { method: 'POST' })).status).toBe(404)
    expect((await (await fetch(`${base}/api/read`)).json()) as object).toEqual({ said: 'undefined 127.0.0.1 nothing nobody “ä”' })
    expect((await answered(ticket, {}, '/api/own')).status).toBe(401)
  })
})

test('a server that closes does so though a client asks on and on', async () => {
  const closing = await openOne()
  const asking = (async () => {
    for (let asked = 0; asked < 1_000_000; asked++) {
      const response = await fetch(`http://127.0.0.1:${closing.port}/api/read`, { headers: { authorization: `Bearer ${ticket}` } })
      await response.arrayBuffer()
    }
  })()
  await Promise.all([expect(asking).rejects.toThrow(), closing.close()])
})

test('an operation that takes a person is never lean', () => {
  expect(() => onLean(own, async () => ok({ said: '' }))).toThrow(/not lean/)
})
