import { connect, type Socket } from 'node:net'

/** A client that costs little: it shares the machine with what it measures. */
export interface Answers {
  perSecond: number
  /** Milliseconds of each. */
  took: number[]
}

/**
 * Asks for `path` over each connection again and again for so many milliseconds, the next time when the answer is there. Any other answer than 200 is
 * an error.
 */
export async function ask(port: number, path: string, tokens: readonly string[], connections: number, ms: number): Promise<Answers> {
  const took: number[] = []
  const begun = performance.now()
  const end = begun + ms
  const lanes = Array.from({ length: connections }, (_, at) => {
    const token = tokens[at % tokens.length] ?? ''
    const request = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\n\r\n`)
    return lane(port, request, end, took)
  })
  await Promise.all(lanes)
  return { perSecond: (took.length / (performance.now() - begun)) * 1000, took }
}

function lane(port: number, request: Buffer, end: number, took: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let pending = ''
    let asked = 0
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const next = (): void => {
      asked = performance.now()
      if (asked < end) socket.write(request)
      else {
        socket.end()
        resolve()
      }
    }
    socket.on('connect', next)
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a connection')))
    socket.on('data', (bytes) => {
      pending += bytes.toString('latin1')
      const head = pending.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/content-length: (\d+)/i.exec(pending)?.[1])
      if (pending.length < head + 4 + length) return
      if (!pending.startsWith('HTTP/1.1 200 ')) return reject(new Error(pending.slice(0, 12) + pending.slice(head + 4, head + 400)))
      took.push(performance.now() - asked)
      pending = ''
      next()
    })
  })
}
