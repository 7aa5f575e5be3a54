import { connect, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { readBytes, readMessage } from '../../../platform/postgres-client/index.ts'
import { sqlStateIn, sslRequest } from '../../../protocols/postgres/index.ts'

/** A connection to the door on which nothing was said yet. */
export function dialDoor(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true }, () => resolve(socket))
    socket.on('error', reject)
  })
}

/** The same under TLS. */
export async function secureDoor(port: number, ca: string): Promise<TLSSocket> {
  const socket = await dialDoor(port)
  socket.write(sslRequest)
  const answer = await readBytes(socket, 1)
  if (answer?.toString() !== 'S') throw new Error(`the door answered ${answer}`)
  return await new Promise((resolve, reject) => {
    const secured = connectTls({ socket, ca, servername: 'localhost' }, () => resolve(secured))
    secured.on('error', reject)
  })
}

/** What the door says until it closes: type letters, and SQLSTATE and sentence of errors. */
export async function untilClosed(socket: Socket): Promise<string[]> {
  const said: string[] = []
  for (;;) {
    const message = await readMessage(socket)
    if (!message) return said
    said.push(message.type === 'E' ? `E ${sqlStateIn(message.body)} ${message.body.toString('utf8')}` : message.type)
  }
}

/** A packet of the startup: length, and what is in it. */
export function packet(body: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(4 + body.length)
  return Buffer.concat([head, body])
}
