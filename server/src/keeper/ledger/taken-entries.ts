import { sameBytes } from '../../platform/crypto/hash.ts'
import type { KeeperKeys } from '../keys.ts'
import { readEntry } from './entry.ts'
import type { StoredEntry } from './ledger.store.ts'
import { RecentEntries } from './recent-entries.ts'
import { TakenLog } from './taken-log.ts'

export interface Forged {
  id: string
  place: number
  why: string
}

/** Reads each entry as it is taken over, and believes what a process of ours wrote. */
export class TakenEntries {
  #log: TakenLog
  #setupFinished = false
  #changes = 0
  readonly recent = new RecentEntries()
  readonly #keys: KeeperKeys

  constructor(keys: KeeperKeys) {
    this.#keys = keys
    this.#log = new TakenLog(keys)
  }

  get log(): TakenLog {
    return this.#log
  }
  /** Grows with each entry that attests a row, and with each log begun anew: what was decided before may be otherwise now. */
  get changes(): number {
    return this.#changes
  }
  /** Whether an entry said that the first run was closed. */
  get setupFinished(): boolean {
    return this.#setupFinished
  }

  /** `of`: how many entries are taken over altogether, where many are. */
  take(entry: StoredEntry, of = 0): Forged | undefined {
    this.#log.append(entry.bytes, of)
    const place = this.#log.size
    const forged = (why: string): Forged => ({ id: entry.id, place, why })
    if (!sameBytes(entry.tag, this.#keys.entryTag(entry.origin, entry.bytes))) return forged('no process of ours wrote it')
    const written = readEntry(entry.bytes)
    if (written?.id !== entry.id) return forged('its bytes are not an entry of this id')
    if (written.act === 'identity.setup_finished' && written.phase === 'done') this.#setupFinished = true
    this.recent.remember(written, place)
    if (written.attests.length > 0) this.#changes += 1
    for (const attestation of written.attests) this.#log.advance(attestation)
    return undefined
  }

  /** Forgets the log for the one that is given, up to the first place that is missing there. `back` puts back what was known before. */
  async beginAnew(entries: AsyncIterable<StoredEntry>, of = 0): Promise<{ back: () => void; missing?: number }> {
    const before = this.#log
    const back = () => {
      this.#log = before
      this.#changes += 1
    }
    this.#changes += 1
    this.#log = new TakenLog(this.#keys)
    for await (const entry of entries) {
      const next = this.#log.size + 1
      if (entry.place !== next) return { back, missing: next }
      this.take(entry, of)
    }
    return { back }
  }
}
