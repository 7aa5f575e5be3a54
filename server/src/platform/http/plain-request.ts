/** A request that is its head alone, and asks for one operation with a bearer token. */
export interface PlainRequest {
  path: string
  token: string
}

const requestLine = /^GET (\/[A-Za-z0-9/_.-]{0,200}) HTTP\/1\.1$/
/** Nothing that any two readers of HTTP could read differently: no folded lines, no space before the colon, visible ASCII. */
const headerLine = /^([A-Za-z0-9-]{1,60}): ?([!-~](?:[ -~]{0,2000}[!-~])?)$/
const bearer = /^Bearer ([A-Za-z0-9_-]{20,200})$/
const end = '\r\n\r\n'

/** What announces a body, changes the connection or says who asks in another way. */
const notPlain = new Set([
  ...['content-length', 'transfer-encoding', 'trailer', 'te', 'expect', 'upgrade', 'http2-settings'],
  ...['cookie', 'proxy-connection', 'proxy-authorization', 'keep-alive'],
])

/**
 * The one request that these bytes are from the first to the last; undefined when they are anything else, or only a part of it, which the
 * framework's own parser reads then. It says nothing of who sends what: everything that it lets pass means the same to every parser.
 */
export function plainRequest(head: string): PlainRequest | undefined {
  if (!head.endsWith(end) || head.length > 8192) return undefined
  const [first = '', ...lines] = head.slice(0, -end.length).split('\r\n')
  const path = requestLine.exec(first)?.[1]
  if (path === undefined) return undefined
  let host = 0
  let token: string | undefined
  for (const line of lines) {
    const [, sent = '', value = ''] = headerLine.exec(line) ?? []
    const name = sent.toLowerCase()
    if (name === 'host') host += 1
    else if (name === 'authorization') {
      // one that comes twice is not plain
      if (token !== undefined) return undefined
      token = bearer.exec(value)?.[1]
      if (token === undefined) return undefined
    } else if (name === 'connection') {
      if (value.toLowerCase() !== 'keep-alive') return undefined
    } else if (name === '' || notPlain.has(name)) return undefined
  }
  return host === 1 && token !== undefined ? { path, token } : undefined
}
