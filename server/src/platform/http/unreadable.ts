import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'

const malformed = { code: 'http.malformed', message: 'The request could not be read. Is the address right?' }

/** Answers what the router turns away before any operation is reached: an address that does not decode, or whose parts are too long. */
export function answerBadAddress(error: { statusCode?: number }, _request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(error.statusCode === 414 ? 414 : 400).send(malformed)
}

/** Answers on the wire what Node could not read as HTTP, and closes: there is no request yet that a framework could answer. */
export function answerNoHttp(error: { code?: string } & Error, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [status, body] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', { code: 'http.too_large', message: 'The headers are more than this server takes.' }]
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', { code: 'http.timeout', message: 'The request did not arrive in time. Send it again.' }]
        : ['400 Bad Request', { code: 'http.malformed', message: 'This is no HTTP request that this server can read.' }]
  const text = JSON.stringify(body)
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n`
  if (socket.writable) socket.write(head + text)
  socket.destroy(error)
}
