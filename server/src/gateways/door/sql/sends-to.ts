import type { Duplex } from 'node:stream'
import { getSystemErrorName } from 'node:util'

/** Writes as `socket.write` does, and answers as that does: false when nothing more should come before `drain`. */
export type Send = (bytes: Buffer) => boolean

/** One write that the kernel has not taken yet, or that TLS says later to have taken (lib/internal/stream_base_commons.js). */
interface WriteRequest {
  handle: Handle
  oncomplete(status: number): void
  /** What is written, so that its memory stays. */
  buffer?: Buffer
}

interface Handle {
  /** 0, or what went wrong. Bytes that are taken at once make no use of the request. */
  writeBuffer(request: WriteRequest, bytes: Buffer): number
}

/** What Node's own sockets write with, and this process has no public name for. */
export interface Internals {
  WriteWrap: new () => WriteRequest
  streamBaseState: Int32Array
  kLastWriteWasAsync: number
}

/**
 * Gives a socket of Node's what is to be sent without its stream, as long as nothing waits there and the write before is done: what a stream does around a
 * write costs about as much as TLS. Whatever else there is (what comes while the peer does not read, `write`, `end`) goes through the stream as ever, and waits
 * there until what was sent so has gone. Other streams, and a Node that has no such internals any more, get `write`.
 */
export function sendsTo(socket: Duplex, internals: Internals | false = ofThisNode() ?? false): Send {
  const handle = handleOf(socket)
  if (!handle || !internals) return (bytes) => socket.write(bytes)
  const { WriteWrap, streamBaseState, kLastWriteWasAsync } = internals
  let flying = false
  /** What the stream wants to do behind it. */
  let behind: (() => void) | undefined
  let free: WriteRequest | undefined

  const landed = (status: number): void => {
    flying = false
    if (status < 0 && !socket.destroyed) socket.destroy(failed(status))
    const next = behind
    behind = undefined
    next?.()
  }
  const request = (): WriteRequest => Object.assign(new WriteWrap(), { handle, oncomplete: landed })

  // two writes at a time are more than TLS below can bear: the stream's own begin when ours has ended
  const { _write, _writev, _final } = socket
  const after = (act: () => void): void => {
    if (flying) behind = act
    else act()
  }
  socket._write = (...given) => after(() => _write.apply(socket, given))
  if (_writev) socket._writev = (...given) => after(() => _writev.apply(socket, given))
  socket._final = (...given) => after(() => _final.apply(socket, given))

  return (bytes) => {
    if (flying || socket.writableLength > 0 || !socket.writable || socket.writableCorked > 0 || handleOf(socket) !== handle)
      return socket.write(bytes)
    const write = free ?? request()
    free = undefined
    const status = handle.writeBuffer(write, bytes)
    if (status !== 0) {
      socket.destroy(failed(status))
      return false
    }
    if (streamBaseState[kLastWriteWasAsync]) {
      flying = true
      write.buffer = bytes
    } else free = write
    return true
  }
}

/** Whether what is sent goes past the stream. */
export const isDirect = (socket: Duplex): boolean => handleOf(socket) !== undefined && ofThisNode() !== undefined

/** As Node says it of its own writes. */
const failed = (status: number): Error => {
  const code = getSystemErrorName(status)
  return Object.assign(new Error(`write ${code}`), { code, errno: status, syscall: 'write' })
}

function handleOf(socket: Duplex): Handle | undefined {
  const { _handle: handle } = socket as Duplex & { _handle?: Partial<Handle> | null }
  return typeof handle?.writeBuffer === 'function' ? (handle as Handle) : undefined
}

let known: { internals: Internals | undefined } | undefined

/** Undefined in a Node that does not give them away, or where they are something else. */
function ofThisNode(): Internals | undefined {
  known ??= { internals: look() }
  return known.internals
}

function look(): Internals | undefined {
  try {
    const { binding } = process as unknown as { binding(name: string): Partial<Internals> }
    const { WriteWrap, streamBaseState, kLastWriteWasAsync } = binding.call(process, 'stream_wrap')
    if (typeof WriteWrap !== 'function' || !ArrayBuffer.isView(streamBaseState) || typeof kLastWriteWasAsync !== 'number') return undefined
    return { WriteWrap, streamBaseState, kLastWriteWasAsync }
  } catch {
    return undefined
  }
}
