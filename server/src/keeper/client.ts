import { setTimeout as sleep } from 'node:timers/promises'
import { fail, type Result } from '../kernel/result.ts'
import { Secret } from '../kernel/secret.ts'
import { connectLocally, type Socket } from '../platform/local-socket/local-socket.ts'
import type { AnswerOf, ArgsOf, KeeperRefusal, Operation, Role } from './contract.ts'
import { encodeFrame, type Frame, FrameReader } from './wire/frames.ts'

export type KeeperAnswer<O extends Operation> = Result<AnswerOf<O> & { payload?: Secret }, KeeperRefusal>

/** The keeper as the other processes see it. Calls are answered in any order; the connection comes back by itself after the keeper was restarted. */
export interface Keeper {
  /** Asks for one operation. A keeper that is away is a refusal `keeper.unreachable`, not an exception. */
  ask<O extends Operation>(operation: O, args: ArgsOf<O>, payload?: Secret): Promise<KeeperAnswer<O>>
  /** Keys of this role, given at the handshake: `entry` authenticates ledger entries, `role` is for whatever the role hashes (sign-in tokens). */
  keys(): { entry: Uint8Array; role: Uint8Array }
  readonly origin: Role
  close(): Promise<void>
}

const unreachable = {
  code: 'keeper.unreachable',
  message: 'The keeper does not answer, so nothing is given out. Is the server starting, or did it stop? Look at /readyz.',
}

interface Line {
  socket: Socket
  entry: Buffer
  role: Buffer
}

/** Connects, waiting up to `patienceMs` for the keeper to be there. Throws when it never is or does not know us: then this process cannot work. */
export async function connectKeeper(options: { path: string; role: Role; token: string; patienceMs?: number }): Promise<Keeper> {
  const waiting = new Map<number, (answer: Frame | undefined) => void>()
  let next = 1
  let closed = false
  let line: Line | undefined
  let opening: Promise<Line> | undefined

  const open = async (): Promise<Line> => {
    const socket = await connectLocally(options.path)
    const reader = new FrameReader()
    return await new Promise((resolve, reject) => {
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        line = undefined
        reject(new Error('the keeper closed the connection'))
        for (const settle of waiting.values()) settle(undefined)
        waiting.clear()
      })
      socket.on('data', (bytes) => {
        const frames = reader.push(bytes)
        if (!frames.ok) return socket.destroy()
        for (const frame of frames.value) {
          const { hello, call } = frame.json as { hello?: string; call?: number }
          if (hello !== undefined) {
            line = { socket, entry: frame.payload.subarray(0, 32), role: frame.payload.subarray(32, 64) }
            resolve(line)
          } else if (call !== undefined) {
            waiting.get(call)?.(frame)
            waiting.delete(call)
          }
        }
      })
      socket.write(encodeFrame({ role: options.role, token: options.token }))
    })
  }

  const connected = async (): Promise<Line> => {
    if (line) return line
    opening ??= open().finally(() => {
      opening = undefined
    })
    return await opening
  }

  const deadline = Date.now() + (options.patienceMs ?? 20_000)
  let keys: { entry: Uint8Array; role: Uint8Array } | undefined
  while (!keys) {
    try {
      const first = await connected()
      keys = { entry: first.entry, role: first.role }
    } catch (error) {
      if (Date.now() > deadline) throw new Error('The keeper did not come up in time.', { cause: error })
      await sleep(50)
    }
  }
  const known = keys

  return {
    origin: options.role,
    keys: () => known,
    async ask<O extends Operation>(operation: O, args: ArgsOf<O>, payload?: Secret): Promise<KeeperAnswer<O>> {
      if (closed) return fail(unreachable)
      let on: Line
      try {
        on = await connected()
      } catch {
        payload?.wipe()
        return fail(unreachable)
      }
      const call = next++
      const answered = new Promise<Frame | undefined>((resolve) => waiting.set(call, resolve))
      if (payload) await payload.use('send-over-keeper-socket', (bytes) => send(on.socket, encodeFrame({ call, operation, args }, bytes)))
      else on.socket.write(encodeFrame({ call, operation, args }))
      const frame = await answered
      if (!frame) return fail(unreachable)
      const answer = frame.json as { ok: true; value: AnswerOf<O> } | { ok: false; error: KeeperRefusal }
      if (!answer.ok) return fail(answer.error)
      return { ok: true, value: { ...answer.value, ...(frame.payload.length > 0 && { payload: new Secret(frame.payload) }) } }
    },
    async close() {
      closed = true
      line?.socket.destroy()
    },
  }
}

function send(socket: Socket, frame: Buffer): Promise<void> {
  return new Promise((resolve) => {
    socket.write(frame, () => {
      frame.fill(0)
      resolve()
    })
  })
}
