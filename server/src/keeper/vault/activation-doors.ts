import { ok, type Result } from '../../kernel/result.ts'
import { decryptWith, newAgeKey, unarmored } from '../../platform/crypto/age.ts'
import type { KeeperRefusal } from '../contract.ts'
import { refuse } from '../refuse.ts'

/** Shares that were given are kept this long, from the first one. */
const keptMs = 10 * 60_000
const brakeWindowMs = 60_000
/** Refused shares in a minute, over all activations. */
const mostTries = 20

/** What custodians give of the key of the location: which share, and the share. */
export interface GivenShare {
  number: number
  share: Buffer
}

interface Door {
  identity: string
  recipient: string
  given: GivenShare[]
  since: number
  timer: NodeJS.Timeout | undefined
}

/**
 * Where custodians give their shares for one activation: each door has a key of its own, made here and never written down. A share is encrypted to
 * it on the custodian's machine, so that nothing between that and this process can read it, and what was given at one door opens at no other.
 */
export interface ActivationDoors {
  /** The public half of the activation's door. */
  recipient(activation: string): Promise<string>
  given(activation: string): { numbers: readonly number[]; forgottenIn: number | null }
  /** Opens what was encrypted to this door. */
  read(activation: string, sealed: string): Promise<Buffer | undefined>
  add(activation: string, share: GivenShare): void
  /** Lends the shares given so far, and forgets the door with them. */
  take<T>(activation: string, fn: (shares: readonly GivenShare[]) => Promise<T>): Promise<T>
  /** The activation is over: its key and its shares go. */
  forget(activation: string): void
  /** Says no while too many wrong ones came. */
  brake(): Result<void, KeeperRefusal>
  refused(): void
  wipe(): void
}

export function createActivationDoors(now: () => Date): ActivationDoors {
  const doors = new Map<string, Promise<Door>>()
  const open = new Map<string, Door>()
  let tries: number[] = []
  const forget = (activation: string): void => {
    const door = open.get(activation)
    clearTimeout(door?.timer)
    for (const { share } of door?.given ?? []) share.fill(0)
    open.delete(activation)
    doors.delete(activation)
  }
  const forgetShares = (door: Door): void => {
    clearTimeout(door.timer)
    for (const { share } of door.given) share.fill(0)
    door.given = []
  }
  const late = (door: Door): boolean => door.given.length > 0 && now().getTime() - door.since >= keptMs
  const doorOf = (activation: string): Promise<Door> => {
    const known = doors.get(activation)
    if (known) return known
    const made = newAgeKey().then((key) => {
      const door: Door = { ...key, given: [], since: 0, timer: undefined }
      open.set(activation, door)
      return door
    })
    doors.set(activation, made)
    return made
  }
  return {
    recipient: async (activation) => (await doorOf(activation)).recipient,
    given(activation) {
      const door = open.get(activation)
      if (door && late(door)) forgetShares(door)
      const forgottenIn = door?.given.length ? Math.ceil((door.since + keptMs - now().getTime()) / 1000) : null
      return { numbers: door?.given.map((g) => g.number) ?? [], forgottenIn }
    },
    async read(activation, sealed) {
      const door = open.get(activation)
      const bytes = unarmored(sealed)
      return door && bytes && (await decryptWith([door.identity], bytes))
    },
    add(activation, share) {
      const door = open.get(activation)
      if (!door) return
      if (late(door)) forgetShares(door)
      if (door.given.length === 0) {
        door.since = now().getTime()
        door.timer = setTimeout(() => forgetShares(door), keptMs).unref()
      }
      door.given.push(share)
    },
    async take(activation, fn) {
      try {
        return await fn(open.get(activation)?.given ?? [])
      } finally {
        forget(activation)
      }
    },
    forget,
    brake() {
      const at = now().getTime()
      tries = tries.filter((t) => at - t < brakeWindowMs && t <= at)
      return tries.length < mostTries
        ? ok(undefined)
        : refuse('breakglass.too_many', 'Too many wrong shares. Try again in a minute; the shares given so far are kept.')
    },
    refused() {
      tries.push(now().getTime())
    },
    wipe() {
      for (const activation of [...open.keys()]) forget(activation)
    },
  }
}
