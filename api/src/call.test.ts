import { expect, test } from 'vitest'
import { call } from './call.ts'
import * as audit from './routes/audit.ts'
import * as session from './routes/session/index.ts'

const answering = (type: string, body: string) => ({
  base: 'http://localhost:8200',
  fetch: async () => new Response(body, { headers: { 'content-type': type } }),
})
const params = { id: 'ses_aaaaaaaaaa' }

test('lines of JSON are handed over as the text that they are, one line or many', async () => {
  for (const lines of ['{"n":1}\n', '{"n":1}\n{"n":2}\n'])
    expect(await call(answering('application/jsonl; charset=utf-8', lines), session.exportStatements, { params })).toEqual({
      ok: true,
      value: lines,
    })
})

test('a JSON document is parsed, whatever its charset', async () => {
  const value = { note: 'a note', verifierKey: 'a key', size: 3 }
  for (const type of ['application/json', 'application/json; charset=utf-8'])
    expect(await call(answering(type, JSON.stringify(value)), audit.checkpoint)).toEqual({ ok: true, value })
})
