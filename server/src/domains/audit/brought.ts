import type { WaitingEntry } from './ledger.store.ts'

/** `signed`: under a checkpoint. `inserted`: they have their places, and another node signs them. `elsewhere`: it sequences, and nothing was inserted. */
export type Brought = 'signed' | 'inserted' | 'elsewhere'

export interface Group {
  entries: readonly WaitingEntry[]
  settle(how: Brought): void
  fail(why: unknown): void
}

/** Entries that somebody in this process brought to the sequencer: they are inserted with their places, and need no notification and no asking. */
export class BroughtEntries {
  #groups: Group[] = []
  /** As many are taken at once. */
  readonly most: number

  constructor(most: number) {
    this.most = most
  }

  get waiting(): boolean {
    return this.#groups.length > 0
  }

  push(entries: readonly WaitingEntry[]): Promise<Brought> {
    return new Promise((settle, fail) => this.#groups.push({ entries, settle, fail }))
  }

  /** Whole groups, in the order in which they came. */
  take(): Group[] {
    let entries = 0
    const beyond = this.#groups.findIndex((group) => {
      entries += group.entries.length
      return entries > this.most
    })
    return this.#groups.splice(0, beyond < 0 ? this.#groups.length : Math.max(1, beyond))
  }

  /** We are not the elected one (any more): whoever brought them inserts them as everybody else does. */
  release(): void {
    for (const group of this.#groups.splice(0)) group.settle('elsewhere')
  }
}
