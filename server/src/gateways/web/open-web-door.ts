import { sameBytes, sha256 } from '../../platform/crypto/hash.ts'
import { listenLocally, type Socket } from '../../platform/local-socket/local-socket.ts'
import type { GatewayLog } from '../door/log.ts'
import { hello, longestHello, type WebWire } from './hello.ts'

export interface WebDoorOptions {
  /** Of the Unix socket. */
  path: string
  /** SHA-256, hex, of the token by which the console's server shows who it is. */
  tokenHash: string
  /** The doors that stand already: each takes the connection as one of its own, from the address of the browser. */
  doors: Readonly<Record<WebWire, (line: Socket, from: string) => void>>
  log: GatewayLog
}

const helloMs = 5_000
const newline = 0x0a

/**
 * Where the console's server brings what people do in the browser. A Unix socket, for that one process: it says the address of the browser,
 * which nobody else may choose. Who comes, and what they may, is asked behind it by the door that everyone comes through.
 */
export async function openWebDoor({ path, tokenHash, doors, log }: WebDoorOptions): Promise<{ close(): Promise<void> }> {
  const expected = Buffer.from(tokenHash, 'hex')
  const greeting = new Set<Socket>()
  const server = await listenLocally(path, 0o666, (line) => {
    greeting.add(line)
    const refuse = () => line.destroy()
    const timer = setTimeout(refuse, helloMs)
    line.on('error', refuse)
    line.once('close', () => {
      greeting.delete(line)
      clearTimeout(timer)
    })
    let head = Buffer.alloc(0)
    const read = (bytes: Buffer) => {
      head = Buffer.concat([head, bytes])
      const end = head.indexOf(newline)
      if (end < 0 && head.length <= longestHello) return
      const said = end < 0 || end > longestHello ? undefined : parse(head.subarray(0, end))
      if (!said || !sameBytes(sha256(said.token), expected)) {
        log.warn({}, 'a connection to the web door did not show that it is the console’s server')
        return refuse()
      }
      clearTimeout(timer)
      greeting.delete(line)
      line.off('data', read).off('error', refuse).pause()
      if (head.length > end + 1) line.unshift(head.subarray(end + 1))
      doors[said.wire](line, said.from)
    }
    line.on('data', read)
  })
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const line of greeting) line.destroy()
      await closed
    },
  }
}

function parse(line: Buffer) {
  try {
    const said = hello.safeParse(JSON.parse(line.toString('utf8')))
    return said.success ? said.data : undefined
  } catch {
    return undefined
  }
}
