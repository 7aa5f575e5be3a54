import { expect, test } from 'vitest'
import { plainRequest } from './plain-request.ts'

const token = `clvr_${'t'.repeat(22)}`
const of = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`
const line = 'GET /api/credential HTTP/1.1'
const who = ['Host: localhost:8200', `Authorization: Bearer ${token}`] as const

test('what curl, wrk, Go, Python and fetch send is plain', () => {
  const plain = { path: '/api/credential', token }
  expect(plainRequest(of(line, ...who))).toEqual(plain)
  expect(plainRequest(of(line, ...who, 'User-Agent: curl/7.88.1', 'Accept: */*'))).toEqual(plain)
  expect(plainRequest(of(line, ...who, 'User-Agent: Go-http-client/1.1', 'Accept-Encoding: gzip'))).toEqual(plain)
  expect(plainRequest(of(line, ...who, 'Accept-Encoding: gzip, deflate', 'Connection: keep-alive'))).toEqual(plain)
  expect(plainRequest(of(line, 'host: a', 'connection: keep-alive', `authorization: Bearer ${token}`, 'sec-fetch-mode: cors'))).toEqual(
    plain,
  )
})

test.each([
  ['a part of a head', `${line}\r\nHost: a\r\n`],
  ['two requests', of(line, ...who) + of(line, ...who)],
  ['a request and the begin of another', `${of(line, ...who)}GET /`],
  ['another method', of('POST /api/credential HTTP/1.1', ...who)],
  ['another version', of('GET /api/credential HTTP/1.0', ...who)],
  ['a query', of('GET /api/credential?credential=password HTTP/1.1', ...who)],
  ['a path in another writing', of('GET /api/%63redential HTTP/1.1', ...who)],
  ['a whole address', of('GET http://localhost/api/credential HTTP/1.1', ...who)],
  ['no host', of(line, who[1])],
  ['two hosts', of(line, ...who, 'Host: other')],
  ['no token', of(line, who[0])],
  ['two tokens', of(line, ...who, who[1])],
  ['a token and another one of another kind', of(line, ...who, 'Authorization: Basic YTpi')],
  ['a body by its length', of(line, ...who, 'Content-Length: 5')],
  ['a body in pieces', of(line, ...who, 'Transfer-Encoding: chunked')],
  ['a body, with a space before the colon', of(line, ...who, 'Transfer-Encoding : chunked')],
  ['a folded line', of(line, ...who, 'X-A: b', ' Content-Length: 5')],
  ['a line end of one character', of(line, ...who, 'X-A: b\nContent-Length: 5')],
  ['a carriage return inside', of(line, ...who, 'X-A: b\rContent-Length: 5')],
  ['a zero byte', of(line, ...who, 'X-A: b\0')],
  ['bytes beyond ASCII', of(line, ...who, 'X-A: \u00e9')],
  ['a header without a name', of(line, ...who, ': b')],
  ['a cookie', of(line, ...who, 'Cookie: x=y')],
  ['the wish to end the connection', of(line, ...who, 'Connection: close')],
  ['the wish to change the protocol', of(line, ...who, 'Connection: Upgrade', 'Upgrade: websocket')],
  ['the wish to be told to go on', of(line, ...who, 'Expect: 100-continue')],
  ['more than a head may have', of(line, ...who, ...Array.from({ length: 10 }, (_, at) => `X-${at}: ${'a'.repeat(1000)}`))],
])('%s is left to the framework', (_what, bytes) => {
  expect(plainRequest(bytes)).toBeUndefined()
})
