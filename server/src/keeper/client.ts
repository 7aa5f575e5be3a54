import { setTimeout as sleep } from 'node:timers/promises'
import { fail, type Result } from '../kernel/result.ts'
import { Secret } from '../kernel/secret.ts'
import { connectLocally, holdForTurn, type Socket } from '../platform/local-socket/local-socket.ts'
import type { AnswerOf, ArgsOf, KeeperRefusal, Operation, Role } from './contract.ts'
import { encodeFrame, type Frame, FrameReader } from './wire/frames.ts'

export type KeeperAnswer<O extends Operation> = Result<AnswerOf<O> & { payload?: Secret }, KeeperRefusal>

/** The keeper as the other processes see it. Calls are answered in any order; the connection comes back by itself after the keeper was restarted. */
export interface Keeper {
  /** Asks for one operation. A keeper that is away is a refusal `keeper.unreachable`, not an exception. */
  ask<O extends Operation>(operation: O, args: ArgsOf<O>, payload?: Secret): Promise<KeeperAnswer<O>>
  /** Keys of this role, given at the handshake: `entry` authenticates ledger entries, `role` is for whatever the role hashes (sign-in tokens). */
  keys(): { entry: Uint8Array; role: Uint8Array }
  /** Whether the seal is open: only then `keys` gives any. */
  readonly open: boolean
  /** Told when the seal opens, when it begins to close and when it is closed; also when the keeper came back in another state. Answers how to stop. */
  onSeal(listener: (state: SealState) => void): () => void
  readonly origin: Role
  close(): Promise<void>
}

export type SealState = 'open' | 'closing' | 'sealed'

/** Something needed a key of its role while the seal is closed. */
export class KeeperSealed extends Error {
  constructor() {
    super('Claviger is sealed: nothing is recorded or given out until it is opened again (claviger seal status says how).')
  }
}

const unreachable = {
  code: 'keeper.unreachable',
  message: 'The keeper does not answer, so nothing is given out. Is the server starting, or did it stop? Look at /readyz.',
}

/** Connects, waiting up to `patienceMs` for the keeper to be there. `onTime` hears, at each greeting, what time it certainly is. Throws when it never is or does not know us: then this process cannot work. */
export async function connectKeeper(options: {
  path: string
  role: Role
  token: string
  patienceMs?: number
  onTime?: (time: Date) => void
}): Promise<Keeper> {
  const waiting = new Map<number, (answer: Frame | undefined) => void>()
  const listeners = new Set<(state: SealState) => void>()
  let next = 1
  let closed = false
  let line: Socket | undefined
  let opening: Promise<Socket> | undefined
  let keys: { entry: Buffer; role: Buffer } | undefined
  let state: SealState = 'sealed'

  const become = (to: SealState): void => {
    if (to === state) return
    state = to
    for (const listener of listeners) listener(to)
  }
  /** The keeper says hello again whenever its seal opens or closes: with our keys, or without. */
  const greeted = (payload: Buffer): void => {
    if (payload.length === 64) {
      keys = { entry: payload.subarray(0, 32), role: payload.subarray(32, 64) }
      become('open')
      return
    }
    keys?.entry.fill(0)
    keys?.role.fill(0)
    keys = undefined
    become('sealed')
  }

  const open = async (): Promise<Socket> => {
    const socket = await connectLocally(options.path)
    const reader = new FrameReader()
    return await new Promise((resolve, reject) => {
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        line = undefined
        reject(new Error('the keeper closed the connection'))
        for (const settle of waiting.values()) settle(undefined)
        waiting.clear()
        // it may come back sealed, and what runs here must hear of that
        void comeBack()
      })
      socket.on('data', (bytes) => {
        const frames = reader.push(bytes)
        if (!frames.ok) return socket.destroy()
        for (const frame of frames.value) {
          const { hello, time, call, event } = frame.json as { hello?: string; time?: string; call?: number; event?: string }
          if (hello !== undefined) {
            if (time !== undefined) options.onTime?.(new Date(time))
            greeted(frame.payload)
            line = socket
            resolve(socket)
          } else if (event === 'closing') become('closing')
          else if (call !== undefined) {
            waiting.get(call)?.(frame)
            waiting.delete(call)
          }
        }
      })
      socket.write(encodeFrame({ role: options.role, token: options.token }))
    })
  }

  const connected = async (): Promise<Socket> => {
    if (line) return line
    opening ??= open().finally(() => {
      opening = undefined
    })
    return await opening
  }

  let known = false
  const comeBack = async (): Promise<void> => {
    while (known && !closed && !line) {
      await sleep(250, undefined, { ref: false })
      if (!closed) await connected().catch(() => undefined)
    }
  }

  const deadline = Date.now() + (options.patienceMs ?? 20_000)
  while (!known) {
    try {
      await connected()
      known = true
    } catch (error) {
      if (Date.now() > deadline) throw new Error('The keeper did not come up in time.', { cause: error })
      await sleep(50)
    }
  }

  return {
    origin: options.role,
    get open() {
      return state !== 'sealed'
    },
    keys() {
      if (!keys) throw new KeeperSealed()
      return keys
    },
    onSeal(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async ask<O extends Operation>(operation: O, args: ArgsOf<O>, payload?: Secret): Promise<KeeperAnswer<O>> {
      if (closed) return fail(unreachable)
      let on: Socket
      try {
        on = await connected()
      } catch {
        payload?.wipe()
        return fail(unreachable)
      }
      const call = next++
      holdForTurn(on)
      const answered = new Promise<Frame | undefined>((resolve) => waiting.set(call, resolve))
      if (payload) await payload.use('send-over-keeper-socket', (bytes) => send(on, encodeFrame({ call, operation, args }, bytes)))
      else on.write(encodeFrame({ call, operation, args }))
      const frame = await answered
      if (!frame) return fail(unreachable)
      const answer = frame.json as { ok: true; value: AnswerOf<O> } | { ok: false; error: KeeperRefusal }
      if (!answer.ok) return fail(answer.error)
      return { ok: true, value: { ...answer.value, ...(frame.payload.length > 0 && { payload: new Secret(frame.payload) }) } }
    },
    async close() {
      closed = true
      line?.destroy()
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
