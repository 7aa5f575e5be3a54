/*
 * Everything that this door needs of ssh2 and that ssh2 1.17 does not offer: one file, so that an upgrade has one place to
 * look at. The tests beside it use each of these through the real `ssh`.
 */
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import type { Channel, Connection } from 'ssh2'

interface List {
  array: string[]
}
interface Offer {
  lists: { kex: List; serverHostKey: List; cs: { cipher: List; mac: List; compress: List; lang: List } }
}

interface Protocol {
  _offer: Offer
  _packetRW: { write: { allocStart: number; alloc(length: number): Buffer; finalize(packet: Buffer): Buffer } }
  /** While keys are exchanged: what the client offered, as it came. */
  _kex?: { _remoteKexinit: Buffer | undefined; remoteExtInfoEnabled: boolean }
  _onHandshakeComplete: (...args: unknown[]) => void
  _skipNextInboundPacket: boolean
  _handlers: { SERVICE_REQUEST?: (protocol: Protocol, service: string) => void }
  serviceAccept(service: string): void
  signal(channel: number, name: string): void
  channelClose(channel: number): void
  channelOpenFail(remote: number, reason: number, description?: string): void
}

/** The part of a channel that ssh2 keeps to itself. `window` is what the other side still takes before it must say more. */
interface ChannelParts {
  outgoing: { id: number; window: number; state: 'open' | 'eof' | 'held' | 'closing' | 'closed' }
  _client: { _protocol: Protocol }
  _chunk?: Buffer | undefined
  _chunkcb?: (() => void) | undefined
  _chunkErr?: Buffer | undefined
  _chunkcbErr?: (() => void) | undefined
}

const require = createRequire(import.meta.url)
const { sendPacket } = require('ssh2/lib/protocol/utils.js') as { sendPacket(protocol: Protocol, packet: Buffer): boolean }
const { KexInit } = require('ssh2/lib/protocol/kex.js') as { KexInit: new (lists: object) => Offer }

const protocolOf = (connection: Connection): Protocol => (connection as unknown as { _protocol: Protocol })._protocol
const partsOf = (channel: Channel): ChannelParts => channel as unknown as ChannelParts

export const socketOf = (connection: Connection): Socket => (connection as unknown as { _sock: Socket })._sock

/**
 * A connection may be gone at any time, and then ssh2 throws at whoever writes. Its `close` tells those who need to know;
 * thrown through the other leg's parser, the error would end a connection that is sound.
 */
export function quietly(act: () => void): void {
  try {
    act()
  } catch {}
}

function send(protocol: Protocol, ...parts: readonly Buffer[]): void {
  const body = Buffer.concat(parts)
  const { write } = protocol._packetRW
  const start = write.allocStart
  const packet = write.alloc(body.length)
  packet.set(body, start)
  sendPacket(protocol, write.finalize(packet))
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/**
 * Offers this one client fewer ciphers than the door does. To be called in the server's `connection` event: the client's
 * greeting is known then, and our offer not yet sent.
 */
export function offerCiphers(connection: Connection, ciphers: readonly string[]): void {
  const protocol = protocolOf(connection)
  const { kex, serverHostKey, cs } = protocol._offer.lists
  const either = { cipher: [...ciphers], mac: cs.mac.array, compress: cs.compress.array, lang: [] }
  protocol._offer = new KexInit({ kex: kex.array, serverHostKey: serverHostKey.array, cs: either, sc: either })
}

/**
 * A client may send the first packet of the key exchange with its offer, as Dropbear does: it counts where both sides name the same first (RFC 4253
 * section 7), and is to be passed over where they do not. ssh2 passes over each, and both wait for the other.
 */
export function heedGuesses(connection: Connection): void {
  const protocol = protocolOf(connection)
  let follows = false
  Object.defineProperty(protocol, '_skipNextInboundPacket', {
    set(next: boolean) {
      follows = next
    },
    get() {
      const offer = protocol._kex?._remoteKexinit
      if (!follows || !offer) return false
      const [kex, hostKey] = firstNames(offer, 2)
      const { lists } = protocol._offer
      // asked once, for the packet after the offer
      follows = false
      return kex !== lists.kex.array[0] || hostKey !== lists.serverHostKey.array[0]
    },
  })
}

/**
 * Tells clients that ask which signatures are taken (RFC 8308 sections 2.4 and 3.1), first after the keys. What ssh2 says by itself lacks a comma, so that
 * clients do not find `rsa-sha2-512` in it, and names signatures that are refused here.
 */
export function nameSignatures(connection: Connection, algorithms: readonly string[]): void {
  const protocol = protocolOf(connection)
  const complete = protocol._onHandshakeComplete
  let first = true
  protocol._onHandshakeComplete = (...args) => {
    const kex = protocol._kex
    const asked = first && kex?.remoteExtInfoEnabled === true
    first = false
    if (kex) kex.remoteExtInfoEnabled = false
    const one = u32(1)
    if (asked) quietly(() => send(protocol, Buffer.from([7]), one, string('server-sig-algs'), string(algorithms.join(','))))
    complete(...args)
  }
}

/** The first name of each of the first lists of a SSH_MSG_KEXINIT (RFC 4253 section 7.1), which ssh2 has parsed before. */
function firstNames(kexinit: Buffer, lists: number): string[] {
  const names: string[] = []
  let at = 1 + 16
  while (names.length < lists) {
    const length = kexinit.readUInt32BE(at)
    names.push(kexinit.toString('latin1', at + 4, at + 4 + length).split(',')[0] ?? '')
    at += 4 + length
  }
  return names
}

/**
 * Paramiko asks for the service of signing in anew before each step (key, then code), and sshd answers each time; ssh2 closes at the second. At most
 * so many `times`, and not once somebody is in.
 */
export function answerEachStep(connection: Connection, times: number): void {
  const handlers = protocolOf(connection)._handlers
  const first = handlers.SERVICE_REQUEST
  let asked = 0
  handlers.SERVICE_REQUEST = (protocol, service) => {
    asked += 1
    const again = asked > 1 && asked <= times && service === 'ssh-userauth' && !(connection as { authenticated?: boolean }).authenticated
    if (again) protocol.serviceAccept(service)
    else first?.(protocol, service)
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** SSH_MSG_USERAUTH_BANNER (RFC 4252 section 5.4): a line that clients show at any time before the sign-in is complete. */
export function sendBanner(connection: Connection, text: string): void {
  quietly(() => send(protocolOf(connection), Buffer.from([53]), string(`${text}\r\n`), string('')))
}

/** Why a connection is closed (RFC 4253 section 11.1). */
export const disconnectReason = { protocolError: 2, byApplication: 11, noMoreMethods: 14 } as const

/** SSH_MSG_DISCONNECT with a sentence, which ssh2 leaves empty; then the socket is closed. */
export function disconnect(connection: Connection, reason: number, sentence: string): void {
  quietly(() => send(protocolOf(connection), Buffer.from([1]), u32(reason), string(sentence), string('')))
  socketOf(connection).end()
}

/** Gives every refused channel its reason: "open failed: administratively prohibited: …" is what `ssh -L` then prints. */
export function explainRefusedChannels(connection: Connection, sentence: () => string): void {
  const protocol = protocolOf(connection)
  const original = protocol.channelOpenFail.bind(protocol)
  const administrativelyProhibited = 1
  protocol.channelOpenFail = (remote) => original(remote, administrativelyProhibited, sentence())
}

/** Bytes that the other side takes now. */
export const windowOf = (channel: Channel): number => partsOf(channel).outgoing.window
export const takesData = (channel: Channel): boolean => partsOf(channel).outgoing.state === 'open'

/**
 * ssh2 keeps the last piece that had to wait for the window, even after it was sent. When stdout and stderr of one channel
 * wait by turns, it then sends an old piece again or calls back twice: with this called after each finished write, it does not.
 */
export function forgetSentPieces(channel: Channel): void {
  const parts = partsOf(channel)
  parts._chunk = undefined
  parts._chunkcb = undefined
  parts._chunkErr = undefined
  parts._chunkcbErr = undefined
}

export type Exit = { status: number } | { signal: string; coreDumped: boolean; message: string }

/**
 * Passes on how a command ended (RFC 4254 section 6.10), also when EOF was sent before, where ssh2's own `exit` says nothing
 * and clients see 255; and with any signal's name, where ssh2 knows thirteen.
 */
export function sendExit(channel: Channel, exit: Exit): void {
  const { outgoing, _client } = partsOf(channel)
  if (outgoing.state === 'closing' || outgoing.state === 'closed') return
  const head = [Buffer.from([98]), u32(outgoing.id)]
  const no = Buffer.from([0])
  const body =
    'status' in exit
      ? [string('exit-status'), no, u32(exit.status >>> 0)]
      : [string('exit-signal'), no, string(exit.signal), Buffer.from([exit.coreDumped ? 1 : 0]), string(exit.message), string('')]
  quietly(() => send(_client._protocol, ...head, ...body))
}

/**
 * A client that has all output and has closed its input closes the channel, and still waits for the exit status: a shared
 * connection does so (RFC 4254 section 5.3 leaves our CLOSE to us). ssh2 would answer at once, and the status would be lost.
 * Call it in the session's `close`; `sendExit` and `closeChannel` then do what was held.
 */
export function holdClose(channel: Channel): void {
  partsOf(channel).outgoing.state = 'held'
}

/** Says EOF and CLOSE and lets go of what the client still sent. May be called twice. */
export function closeChannel(channel: Channel): void {
  const { outgoing, _client } = partsOf(channel)
  if (outgoing.state === 'held') {
    outgoing.state = 'closed'
    quietly(() => _client._protocol.channelClose(outgoing.id))
    return
  }
  quietly(() => channel.eof())
  quietly(() => channel.close())
  quietly(() => channel.end())
  channel.resume()
}

export const sendEof = (channel: Channel): void => quietly(() => channel.eof())

/** Forwards a signal, also when EOF was sent before. `name` is without SIG; a name that SSH does not know is dropped. */
export function sendSignal(channel: Channel, name: string): void {
  const { outgoing, _client } = partsOf(channel)
  if (outgoing.state !== 'open' && outgoing.state !== 'eof') return
  quietly(() => _client._protocol.signal(outgoing.id, name))
}
