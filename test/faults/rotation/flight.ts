import type { Reached, Watch } from './watch.ts'

/** A rotation that was begun and is not over: the step that it reached last, and whether it waits there. */
export interface InFlight {
  account: string
  step: string
  held: boolean
}

/** Follows the rotations of some accounts from step to step, and holds each at a step that is wanted. */
export class Flights {
  readonly #wanted: ReadonlyMap<string, string>
  readonly #reached = new Map<string, string>()
  readonly #held = new Map<string, Reached>()
  readonly #over = new Set<string>()
  readonly #watch: Watch

  /** `wanted`: steps by account. */
  constructor(watch: Watch, accounts: readonly string[], wanted: ReadonlyMap<string, string> = new Map()) {
    this.#watch = watch
    this.#wanted = wanted
    const known = new Set(accounts)
    watch.asks((reached) => {
      if (known.has(reached.account)) this.#follow(reached)
      else reached.go()
    })
  }

  #follow(reached: Reached): void {
    const { account, step } = reached
    this.#reached.set(account, step)
    if (this.#wanted.get(account) === step && !this.#held.has(account)) {
      this.#held.set(account, reached)
      return
    }
    if (step === 'finished') this.#over.add(account)
    else if (step === 'begun') this.#over.delete(account)
    reached.go()
  }

  /** Whether each waits at its step, or went past it. */
  atTheirSteps = (): boolean => [...this.#wanted.keys()].every((account) => this.#held.has(account) || this.#over.has(account))

  inFlight(): InFlight[] {
    return [...this.#reached].flatMap(([account, step]) =>
      this.#over.has(account) ? [] : [{ account, step, held: this.#held.has(account) }],
    )
  }

  /** Lets all go that wait, as far as they are still there, and holds none any more. What is seen from now on is new. */
  release(): void {
    const held = [...this.#held.values()]
    this.#held.clear()
    ;(this.#wanted as Map<string, string>).clear()
    this.#reached.clear()
    this.#over.clear()
    for (const one of held) one.go()
  }

  close(): void {
    this.#watch.asks(undefined)
    this.release()
  }
}
