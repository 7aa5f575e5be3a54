import { type AddressInfo, createServer, type Socket, connect as tcpConnect } from 'node:net'
import ssh2 from 'ssh2'
import { ed25519Blob, fingerprint, writeEd25519PrivateKey } from '../../protocols/ssh-keys/index.ts'
import { freshPair } from '../../protocols/ssh-keys/keys.fixture.ts'
import type { PinnedHostKey, SshDial } from './index.ts'

/** A fresh Ed25519 key as tests need it: PEM for one side, pin or blob for the other. */
export function freshKey(): { pem: Buffer; blob: Buffer; pin: PinnedHostKey } {
  const pair = freshPair()
  const blob = Buffer.from(ed25519Blob(pair.publicKey))
  return {
    pem: Buffer.from(writeEd25519PrivateKey({ ...pair, check: 1 })),
    blob,
    pin: { algorithm: 'ssh-ed25519', fingerprint: fingerprint(blob) },
  }
}

export interface TestServer {
  port: number
  /** What clients tried, in order: `none`, `password hunter2`, `publickey`, `answer …`. */
  attempts: string[]
  /** Numbers of the unencrypted SSH messages that clients sent (RFC 4250 section 4.1.2). */
  messages: number[]
  stop(): Promise<void>
}

interface Behaviour {
  /** Instead of one of the system's choice. */
  port?: number
  /** In PEM, or a parsed key, which may have been made to lie. */
  hostKeys: readonly (Buffer | string | ssh2.ParsedKey)[]
  /** Decides about each attempt; called after it was written down. */
  authenticate?: (context: ssh2.AuthContext) => void
  /** Answers a command. */
  exec?: (command: string, channel: ssh2.ServerChannel, end: () => void) => void
}

/** A real SSH server (ssh2's) that writes down what it is sent. */
export async function startServer({ port = 0, hostKeys, authenticate, exec }: Behaviour): Promise<TestServer> {
  const attempts: string[] = []
  const messages: number[] = []
  const sockets = new Set<Socket>()
  const server = new ssh2.Server(
    { hostKeys: hostKeys.map((key) => (typeof key === 'string' || Buffer.isBuffer(key) ? key : { key, passphrase: '' })) },
    (client) => {
      client.on('error', () => {})
      client.on('authentication', (context) => {
        attempts.push(context.method === 'password' ? `password ${context.password}` : context.method)
        authenticate ? authenticate(context) : context.accept()
      })
      client.on('session', (accept) => {
        const session = accept()
        session.on('exec', (accepted, _reject, info) => exec?.(info.command, accepted(), () => client.end()))
      })
    },
  )
  const tcp = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    const seen = new ClearMessages(messages)
    socket.on('data', (chunk) => seen.take(chunk))
    server.injectSocket(socket)
  })
  await new Promise<void>((resolve) => tcp.listen(port, '127.0.0.1', resolve))
  return {
    ...{ port: (tcp.address() as AddressInfo).port, attempts, messages },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        tcp.close(() => resolve())
      }),
  }
}

/** Reads the message numbers of a client's stream until NEWKEYS (21), after which all is encrypted. */
class ClearMessages {
  #bytes = Buffer.alloc(0)
  #state: 'ident' | 'packets' | 'encrypted' = 'ident'
  readonly #into: number[]
  constructor(into: number[]) {
    this.#into = into
  }
  take(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk])
    if (this.#state === 'ident') {
      const end = this.#bytes.indexOf('\n')
      if (end < 0) return
      this.#bytes = this.#bytes.subarray(end + 1)
      this.#state = 'packets'
    }
    // u32 length | u8 padding | payload (RFC 4253 section 6)
    while (this.#state === 'packets' && this.#bytes.length >= 6 && this.#bytes.length >= 4 + this.#bytes.readUInt32BE()) {
      const type = this.#bytes[5] ?? 0
      this.#into.push(type)
      this.#bytes = this.#bytes.subarray(4 + this.#bytes.readUInt32BE())
      if (type === 21) this.#state = 'encrypted'
    }
    if (this.#state === 'encrypted' && this.#bytes.length > 0) {
      this.#into.push(-1)
      this.#bytes = Buffer.alloc(0)
    }
  }
}

export const dial: SshDial = (host, port) =>
  new Promise((resolve) => {
    const socket = tcpConnect(port, host)
    socket.once('connect', () => resolve({ ok: true, value: socket }))
    socket.once('error', (error) => resolve({ ok: false, error: { code: 'target.unreachable', detail: error.message } }))
  })
