import { session } from '@claviger/api'
import { ask } from '../api.ts'

/** A session in the browser, from its opening to its end. Each function is called in this order, `over` once and last. */
export interface Hearing {
  text(message: unknown): void
  bytes(bytes: Uint8Array): void
  /** The connection is gone; after the server's own last word there is nothing more to say. */
  gone(): void
}

export interface Line {
  say(message: object): void
  send(bytes: Uint8Array): void
  close(): void
}

/** Gets a connection ticket for the grant and opens a WebSocket to this server with it. Rejects with the server's refusal. */
export async function openLine(grant: string, first: object, hear: Hearing): Promise<Line> {
  const { ticket } = await ask(session.issueTicket, { params: { id: grant } })
  const at = new URL(`/api/grants/${grant}/session`, window.location.href)
  at.protocol = at.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(at)
  socket.binaryType = 'arraybuffer'
  const open = () => socket.readyState === WebSocket.OPEN
  socket.onopen = () => socket.send(JSON.stringify({ kind: 'open', ticket, ...first }))
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') hear.text(JSON.parse(data))
    else hear.bytes(new Uint8Array(data as ArrayBuffer))
  }
  socket.onclose = () => hear.gone()
  return {
    say: (message) => open() && socket.send(JSON.stringify(message)),
    send: (bytes) => open() && socket.send(bytes as Uint8Array<ArrayBuffer>),
    close: () => socket.close(),
  }
}
