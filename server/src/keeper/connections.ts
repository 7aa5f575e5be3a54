import type { Socket } from '../platform/local-socket/local-socket.ts'
import type { Role } from './contract.ts'
import type { LifeState } from './life/states.ts'
import type { KeeperLife } from './life.ts'
import { encodeFrame } from './wire/frames.ts'

/** Who is connected. Each is told when the seal opens, begins to close, and is closed; with the keys of its role, and without. */
export class Connections {
  readonly #lines = new Map<Socket, { role: Role; closed?: () => void }>()
  readonly #life: KeeperLife

  constructor(life: KeeperLife) {
    this.#life = life
    life.onChange((state) => {
      if (state !== 'closing') for (const [socket, { role }] of this.#lines) this.#greet(socket, role)
    })
  }

  add(socket: Socket, role: Role): void {
    this.#lines.set(socket, { role })
    socket.on('close', () => {
      this.#lines.get(socket)?.closed?.()
      this.#lines.delete(socket)
    })
    this.#greet(socket, role)
    if (this.#life.state === 'closing') socket.write(encodeFrame({ event: 'closing' satisfies LifeState }))
  }

  /** Tells all that the seal closes; resolves when each gateway ended its sessions and each api what it rotates, or they went away. */
  async closeDoors(): Promise<void> {
    const ended: Promise<void>[] = []
    for (const [socket, line] of this.#lines) {
      if (line.role !== 'supervisor') ended.push(new Promise((resolve) => (line.closed = resolve)))
      socket.write(encodeFrame({ event: 'closing' satisfies LifeState }))
    }
    await Promise.all(ended)
  }

  doorsClosed(socket: Socket): void {
    this.#lines.get(socket)?.closed?.()
  }

  /** The keys of the role while the seal is open, nothing otherwise. Whoever had some drops them. */
  #greet(socket: Socket, role: Role): void {
    const keys = this.#life.opened?.context.keys
    const held = keys && [keys.entryKey(role), keys.roleKey(role)]
    const payload = held && Buffer.concat(held)
    const time = this.#life.believedTime()?.toISOString()
    const frame = encodeFrame({ hello: role, ...(time && { time }) }, payload)
    for (const key of [...(held ?? []), ...(payload ? [payload] : [])]) key.fill(0)
    socket.write(frame, () => frame.fill(0))
  }
}
