import { listenWhileSealed } from '../door/sealed-listener.ts'

/** RFC 4253 section 11.1: SSH_MSG_DISCONNECT with SSH_DISCONNECT_SERVICE_NOT_AVAILABLE. */
const disconnect = 1
const serviceNotAvailable = 7

/**
 * The SSH door while there is no host key to speak with: it gives its version and says in an unencrypted disconnect message, which every client
 * prints, why nothing opens and what to do. It learns nothing of who is there, and asks nothing.
 */
export const openSealedSshDoor = (listen: { host: string; port: number }, sentence: string) =>
  listenWhileSealed(listen, ({ line }) => {
    line.write('SSH-2.0-Claviger\r\n')
    // after the client gave its version: some read nothing before
    line.once('data', () => line.end(disconnectPacket(sentence)))
    line.resume()
  })

/** A binary packet as it is before keys were exchanged (RFC 4253 section 6): u32 length | u8 padding length | payload | padding. */
export function disconnectPacket(sentence: string): Buffer {
  const text = Buffer.from(sentence, 'utf8')
  const payload = Buffer.alloc(1 + 4 + 4 + text.length + 4)
  payload.writeUInt8(disconnect, 0)
  payload.writeUInt32BE(serviceNotAvailable, 1)
  payload.writeUInt32BE(text.length, 5)
  text.copy(payload, 9)
  const unpadded = 5 + payload.length
  const padding = 8 - (unpadded % 8) + (8 - (unpadded % 8) < 4 ? 8 : 0)
  const packet = Buffer.alloc(unpadded + padding)
  packet.writeUInt32BE(1 + payload.length + padding, 0)
  packet.writeUInt8(padding, 4)
  payload.copy(packet, 5)
  return packet
}
