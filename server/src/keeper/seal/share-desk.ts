import { fail, ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import { refuse } from '../refuse.ts'
import type { ShamirFacts } from './kinds/shamir.facts.ts'
import { readShare, type Share } from './share-text.ts'
import { shareDigest } from './split-root.ts'

/** Shares that were given are kept this long, from the first one. */
const usuallyKeptMs = 10 * 60_000
const brakeWindowMs = 60_000
/** Refused shares in a minute, before nobody there is listened to until the minute is over. */
const triesOfOne = 10
const triesOfAll = 60

export interface Progress {
  given: number
  threshold: number
}

/** Takes shares one at a time, says what is wrong with each, and wipes them. What it holds is in memory only. */
export class ShareDesk {
  #given: Share[] = []
  #since = 0
  #timer: NodeJS.Timeout | undefined
  #refused: { at: number; source: string }[] = []
  readonly #now: () => Date
  readonly #keptMs: number

  constructor(now: () => Date, keptMs = usuallyKeptMs) {
    this.#now = now
    this.#keptMs = keptMs
  }

  /** How many of one set were given. */
  given(set: string): number {
    this.#forgetOld()
    return this.#given.filter((share) => share.set === set).length
  }

  /** Seconds until the shares given so far are forgotten; null when there are none. */
  forgottenIn(): number | null {
    this.#forgetOld()
    return this.#given.length === 0 ? null : Math.max(1, Math.ceil((this.#since + this.#keptMs - this.#now().getTime()) / 1000))
  }

  /** Why nobody at this source is listened to now; undefined when they are. */
  brake(source: string): { ok: false; error: KeeperRefusal } | undefined {
    const now = this.#now().getTime()
    this.#refused = this.#refused.filter((r) => now - r.at < brakeWindowMs && r.at <= now)
    const theirs = this.#refused.filter((r) => r.source === source)
    const held = theirs.length >= triesOfOne ? theirs : this.#refused.length >= triesOfAll ? this.#refused : undefined
    if (!held) return undefined
    const seconds = Math.max(1, Math.ceil(((held[0]?.at ?? now) + brakeWindowMs - now) / 1000))
    return refuse('seal.too_many', `Too many wrong shares. Try again in ${seconds} s; the shares given so far are kept.`, { seconds })
  }

  /** Looks at one share of one of these sets, the first of which is the one to ask for. It is kept when it is right, and counted against its source when it is not. */
  offer(
    text: Uint8Array,
    sets: readonly ShamirFacts[],
    source: string,
  ): Result<{ number: number; set: string; progress: Progress }, KeeperRefusal> {
    const looked = this.#look(text, sets)
    if (!looked.ok) {
      if (looked.error.code !== 'seal.share_duplicate') this.#refused.push({ at: this.#now().getTime(), source })
      return looked
    }
    const { share, seal } = looked.value
    if (this.#given.length === 0) {
      this.#since = this.#now().getTime()
      this.#timer = setTimeout(() => this.forget(), this.#keptMs).unref()
    }
    this.#given.push(share)
    return ok({ number: share.number, set: share.set, progress: { given: this.given(share.set), threshold: seal.threshold } })
  }

  /** Lends the shares of a set given so far, and forgets all. */
  async take<T>(set: string, fn: (shares: readonly Share[]) => Promise<T>): Promise<T> {
    try {
      return await fn(this.#given.filter((share) => share.set === set))
    } finally {
      this.forget()
    }
  }

  /** By time, also where the timer is late. */
  #forgetOld(): void {
    if (this.#given.length > 0 && this.#now().getTime() - this.#since >= this.#keptMs) this.forget()
  }

  forget(): void {
    clearTimeout(this.#timer)
    for (const { value } of this.#given) value.fill(0)
    this.#given = []
  }

  #look(text: Uint8Array, sets: readonly ShamirFacts[]): Result<{ share: Share; seal: ShamirFacts }, KeeperRefusal> {
    this.#forgetOld()
    const read = readShare(text)
    if (!read.ok) {
      if (read.error === 'mistyped')
        return refuse(
          'seal.share_mistyped',
          'That share is mistyped: its checksum does not fit. Compare it letter by letter and enter it again.',
        )
      if (read.error === 'newer')
        return refuse(
          'seal.share_newer',
          'That share is of a newer version of Claviger than this one. Upgrade the server, then enter it again.',
        )
      return refuse('seal.share_malformed', 'That is no whole share. One begins with clvs- and has 74 letters and digits after it.')
    }
    const share = read.value
    const no = (code: string, message: string) => {
      share.value.fill(0)
      return fail({ code, message, facts: { number: share.number, set: share.set } })
    }
    const seal = sets.find((s) => s.set === share.set)
    if (!seal) {
      const { set: asked, former } = sets[0] ?? { set: '', former: [] as string[] }
      return former.includes(share.set)
        ? no(
            'seal.share_older',
            `That share is of an older set (${share.set}), which opens nothing any more. Find the share of set ${asked} and enter that.`,
          )
        : no(
            'seal.share_other_set',
            `That share is of another set (${share.set}); this installation takes set ${asked}. Is it the share of another installation?`,
          )
    }
    if (this.#given.some((g) => g.set === share.set && g.number === share.number))
      return no('seal.share_duplicate', `Share ${share.number} was given already. The next one must be of another custodian.`)
    if (share.threshold !== seal.threshold || share.shares !== seal.shares)
      return no(
        'seal.record_changed',
        `That share says ${share.threshold} of ${share.shares}, the installation's record ${seal.threshold} of ${seal.shares}: somebody changed the record. Put vault.installation back from a backup.`,
      )
    if (shareDigest(share) !== seal.digests[share.number - 1])
      return no(
        'seal.share_forged',
        `That is not share ${share.number} of set ${seal.set}, though its checksum is right: it was made up, or the installation's record was changed.`,
      )
    return ok({ share, seal })
  }
}
