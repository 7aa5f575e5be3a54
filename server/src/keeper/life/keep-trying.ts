import { refuse } from '../refuse.ts'
import type { Belongings } from './belongings.ts'
import { openByItself } from './open-seal.ts'

const firstMs = 1_000
const slowestMs = 60_000
/** In the folder while somebody has closed a seal that would open by itself: it stays closed over restarts. */
const closedFile = 'closed'

/** What no waiting puts right: somebody has to look, and the next start tries once more. */
const hopeless: readonly string[] = ['seal.does_not_open', 'seal.replaced']

/**
 * A seal that opens by itself, and did not, because what it opens with is elsewhere: it is sealed, says why, and asks again, ever more slowly. Each
 * try is harmless: the kind of seal sees to that (a PIN that was refused is not given again). `inTurn` runs one thing of the keeper's life at a time.
 */
export class KeepTrying {
  readonly #life: Belongings
  readonly #inTurn: <T>(work: () => Promise<T>) => Promise<T>
  #timer: NodeJS.Timeout | undefined

  constructor(life: Belongings, inTurn: <T>(work: () => Promise<T>) => Promise<T>) {
    this.#life = life
    this.#inTurn = inTurn
  }

  /** After a first try that came to this. */
  begin(): void {
    this.stop()
    this.#again(firstMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #again(inMs: number): void {
    if (hopeless.includes(this.#life.waiting?.code ?? '')) return
    this.#timer = setTimeout(() => {
      const tried = this.#inTurn(async () => {
        if (this.#timer === undefined || this.#life.state !== 'sealed') return
        // somebody may have put a record back
        await this.#life.look()
        await tryToOpen(this.#life)
        if (this.#life.state === 'sealed') this.#again(Math.min(inMs * 2, slowestMs))
      })
      tried.catch((error: unknown) => {
        this.#life.log(`the seal could not be opened: ${String(error)}`)
        this.#again(slowestMs)
      })
    }, inMs).unref()
  }
}

/** One try. What it came to is in `waiting`, said once in the log and noted for the ledger, and again only when it is something else. */
export async function tryToOpen(life: Belongings): Promise<void> {
  const tried = life.folder.read(closedFile) ? stillClosed() : await openByItself(life)
  if (tried?.ok !== false) return
  const { code, message } = tried.error
  if (life.waiting?.code !== code) {
    life.log(`The seal stays closed: ${message}`)
    if (code !== 'seal.closed_by_hand') life.note('seal.waits', { code }, { phase: 'refused' })
  }
  life.waiting = tried.error
  life.become('sealed')
}

/** It would open at the next start of this process: not before the host says so. */
export function stayClosed(life: Belongings): void {
  life.folder.write(closedFile, `${life.now().toISOString()}\n`)
  const closed = stillClosed()
  life.waiting = closed.error
}

const stillClosed = () =>
  refuse(
    'seal.closed_by_hand',
    'Somebody closed the seal, and it stays closed until its host opens it again: claviger unseal, on the host.',
  )

/** On the host's word: opens again what somebody closed, at once. */
export async function openAgain(life: Belongings): Promise<void> {
  life.folder.destroy(closedFile)
  life.waiting = undefined
  await life.look()
  await tryToOpen(life)
}
