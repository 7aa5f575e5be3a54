import { connect } from 'node:net'
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
const shared = ok({ said: 'to all' })
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
        if (token === other('shared') || token === other('likewise')) return shared
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

  test('is the same for all to whom an operation gives one and the same answer', async () => {
    const answers = await Promise.all(['shared', 'likewise', 'shared'].map((one) => answered(other(one))))
    expect(answers).toEqual(Array(3).fill(await throughFramework(other('shared'))))
    expect(answers[0]).toMatchObject({ status: 200, body: { said: 'to all' } })
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

describe('a connection', () => {
  const get = (path: string, ...more: string[]) =>
    [`GET ${path} HTTP/1.1`, 'Host: a', `Authorization: Bearer ${ticket}`, ...more, '', ''].join('\r\n')
  const plain = get('/api/read')
  /** Sends the pieces, each when the one before it has arrived on its own, and reads until so many answers are there. */
  const say = async (answers: number, ...pieces: string[]): Promise<string> => {
    const socket = connect(http.port, '127.0.0.1').setNoDelay(true)
    let said = ''
    socket.on('data', (bytes) => {
      said += bytes.toString()
    })
    for (const piece of pieces) {
      await new Promise((sent) => socket.write(piece, sent))
      await new Promise((passed) => setTimeout(passed, 30))
    }
    while (said.split('HTTP/1.1 ').length - 1 < answers && !socket.destroyed) await new Promise((passed) => setTimeout(passed, 10))
    socket.destroy()
    return said
  }
  const bodies = (said: string) =>
    said
      .split('HTTP/1.1 ')
      .slice(1)
      .map((one) => [Number(one.slice(0, 3)), JSON.parse(one.slice(one.indexOf('\r\n\r\n'))).said])
  const mine = `${ticket} 127.0.0.1 nothing nobody “ä”`

  test('is answered as often as it asks, in its order, however its bytes are cut', async () => {
    expect(bodies(await say(2, plain, plain))).toEqual([
      [200, mine],
      [200, mine],
    ])
    expect(bodies(await say(1, plain.slice(0, 40), plain.slice(40)))).toEqual([[200, mine]])
    expect(bodies(await say(3, plain + plain + plain))).toEqual([
      [200, mine],
      [200, mine],
      [200, mine],
    ])
    expect(bodies(await say(3, plain, plain + plain.slice(0, 9), plain.slice(9)))).toEqual([
      [200, mine],
      [200, mine],
      [200, mine],
    ])
  })

  test('may ask for something else afterwards, and go on', async () => {
    const with_ = get('/api/read?of=a')
    expect(bodies(await say(3, plain, with_, plain))).toEqual([
      [200, mine],
      [200, mine.replace('nothing', 'a')],
      [200, mine],
    ])
    expect(bodies(await say(3, plain, with_ + plain))).toHaveLength(3)
    const body = 'GET /api/read HTTP/1.1'
    const posted = `POST /api/own HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    expect(bodies(await say(3, plain, posted, plain)).map(([status]) => status)).toEqual([200, 404, 200])
  })

  test('gets what its own ticket opens, whoever else asks at the same moment', async () => {
    const own = Array.from({ length: 40 }, (_, at) => other(`own-${at}`))
    const said = await Promise.all(own.map(async (one) => bodies(await say(2, plain.replace(ticket, one), plain.replace(ticket, one)))))
    expect(said).toEqual(own.map((one) => Array(2).fill([200, mine.replace(ticket, one)])))
  })

  test('hears what is wrong with what it said from the same parser as ever', async () => {
    expect(await say(1, 'GET /api/read HTTP/1.1\r\nHost : a\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await say(2, plain, 'nonsense\r\n\r\n')).toContain('HTTP/1.1 400 ')
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

test('a server that closes waits for nobody who says nothing, before a request or between two', async () => {
  const closing = await openOne()
  const [silent, between] = [connect(closing.port, '127.0.0.1'), connect(closing.port, '127.0.0.1')]
  between.write(`GET /api/read HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ticket}\r\n\r\n`)
  await new Promise((answered) => between.once('data', answered))
  const ended = [silent, between].map((one) => new Promise((end) => one.once('end', end)))
  await Promise.all([closing.close(), ...ended])
})

test('an operation that takes a person is never lean', () => {
  expect(() => onLean(own, async () => ok({ said: '' }))).toThrow(/not lean/)
})
