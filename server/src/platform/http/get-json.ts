import { get as getInTheClear, type IncomingMessage } from 'node:http'
import { get as getSecured } from 'node:https'

export interface GetJsonBounds {
  /** Milliseconds for all of it. */
  ms: number
  bytes: number
}

/**
 * Asks one address for JSON: no redirects, no proxy, bounded in time and size. Throws with what went wrong. For addresses that an operator set. `ca`:
 * certificates in PEM that an https address may be proven by, in place of the authorities that Node brings.
 */
export async function getJson(url: string, { ms, bytes }: GetJsonBounds, ca?: string): Promise<unknown> {
  const signal = AbortSignal.timeout(ms)
  const answer = await ask(url, signal, ca)
  if (answer.statusCode !== 200) {
    answer.destroy()
    throw new Error(`${url} answered ${answer.statusCode}`)
  }
  const pieces: Buffer[] = []
  let size = 0
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      size += piece.length
      if (size > bytes) throw new Error(`${url} answered with more than ${bytes} bytes`)
      pieces.push(piece)
    }
  } catch (error) {
    throw signal.aborted ? late(url, ms) : error
  }
  return JSON.parse(Buffer.concat(pieces).toString('utf8'))

  function ask(to: string, until: AbortSignal, trusted: string | undefined): Promise<IncomingMessage> {
    const options = { signal: until, headers: { accept: 'application/json' }, agent: false as const }
    return new Promise((resolve, reject) => {
      const asked = to.startsWith('https:')
        ? getSecured(to, { ...options, minVersion: 'TLSv1.2', ...(trusted && { ca: trusted }) }, resolve)
        : getInTheClear(to, options, resolve)
      asked.on('error', (error: NodeJS.ErrnoException) => reject(until.aborted ? late(to, ms) : new Error(`${to}: ${why(error)}`)))
    })
  }
}

const late = (url: string, ms: number): Error => new Error(`${url} did not answer within ${ms / 1000} s`)

/** OpenSSL's and Node's codes for a certificate that is not believed; the others say enough by themselves. */
const untrusted = /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_CERT_)/

function why({ code = '', message }: NodeJS.ErrnoException): string {
  return untrusted.test(code) ? `its certificate is not trusted (${code}: ${message})` : message || code
}
