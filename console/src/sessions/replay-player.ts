import type { replay } from '@claviger/api'
import { type Parts, partAt } from './parts.ts'
import type { Timeline } from './timeline.ts'

type Size = { cols: number; rows: number }

/** Where a screen is drawn. */
export interface Stage {
  /** Another screen, from nothing. */
  reset(size: Size, text: string): void
  output(texts: readonly string[]): void
  resize(size: Size): void
}

export interface PlayerState {
  /** Seconds of the recording. */
  time: number
  playing: boolean
  /** A part is asked for, and the screen waits for it. */
  waiting: boolean
  /** A part was refused, or did not come: nothing of it is shown. */
  trouble: unknown
}

export interface PlayerOptions {
  stage: Stage
  parts: Parts
  /** The second at which each part begins. */
  starts: readonly number[]
  duration: number
  size: Size
  changed(state: PlayerState): void
}

const sizeIn = (data: string): Size => {
  const [cols = 80, rows = 24] = data.split('x').map(Number)
  return { cols, rows }
}

/**
 * Plays a recording from its parts: the screen that a part begins with, then what happened in it. Nothing is drawn of a part that the server refused:
 * the screen is empty from there on, and it stops.
 */
export class ReplayPlayer {
  readonly #of: PlayerOptions
  #state: PlayerState = { time: 0, playing: false, waiting: false, trouble: undefined }
  /** The part that is drawn, and the next of its events. */
  #drawn: { part: replay.ReplayPart; next: number } | undefined
  #asked = 0
  speed = 1
  line: Timeline

  constructor(options: PlayerOptions, line: Timeline) {
    this.#of = options
    this.line = line
  }

  get state(): PlayerState {
    return this.#state
  }

  /** Shows what stood there at a second. Of several that are asked for at once, the last one. */
  async seek(to: number): Promise<void> {
    const time = Math.min(this.#of.duration, Math.max(0, to))
    this.#change({ time })
    await this.show(time)
  }

  /** The same without being there: a picture. */
  async show(seconds: number): Promise<void> {
    const ours = ++this.#asked
    const part = await this.#part(partAt(this.#of.starts, seconds), () => ours === this.#asked)
    if (!part || ours !== this.#asked) return
    const { columns: cols, rows, text } = part.screen
    this.#of.stage.reset({ cols, rows }, text)
    this.#drawn = { part, next: 0 }
    this.#draw(seconds)
  }

  async play(): Promise<void> {
    if (this.#state.playing) return
    const from = this.#state.time >= this.#of.duration - 0.05 ? 0 : this.#state.time
    this.#change({ playing: true })
    await this.seek(from)
  }

  pause(): void {
    this.#change({ playing: false })
  }

  /** So much time passed, in seconds. */
  passed(seconds: number): void {
    const { playing, waiting, time } = this.#state
    const drawn = this.#drawn
    if (!playing || waiting || !drawn) return
    const to = Math.min(this.#of.duration, this.line.toSession(this.line.toReplay(time) + seconds * this.speed))
    const end = this.#of.starts[drawn.part.n + 1]
    if (end === undefined || to < end) {
      this.#draw(to)
      this.#change({ time: to, playing: to < this.#of.duration - 0.001 })
      // sooner than it is needed
      if (end !== undefined && !this.#of.parts.now(drawn.part.n + 1)) void this.#of.parts.get(drawn.part.n + 1).catch(() => undefined)
      return
    }
    this.#draw(Number.POSITIVE_INFINITY)
    this.#change({ time: end })
    void this.#goOn(drawn.part.n + 1, to)
  }

  /** The next part goes on where this one ended: the screen is the same. */
  async #goOn(n: number, to: number): Promise<void> {
    const ours = ++this.#asked
    const part = await this.#part(n, () => ours === this.#asked)
    if (!part || ours !== this.#asked) return
    this.#drawn = { part, next: 0 }
    const time = Math.min(to, this.#of.starts[n + 1] ?? to)
    this.#draw(time)
    this.#change({ time, playing: this.#state.playing && time < this.#of.duration - 0.001 })
  }

  async #part(n: number, current: () => boolean): Promise<replay.ReplayPart | undefined> {
    const here = this.#of.parts.now(n)
    if (here) {
      this.#change({ waiting: false, trouble: undefined })
      return here
    }
    this.#change({ waiting: true })
    try {
      const part = await this.#of.parts.get(n)
      if (current()) this.#change({ waiting: false, trouble: undefined })
      return part
    } catch (trouble) {
      if (!current()) return undefined
      this.#drawn = undefined
      this.#of.stage.reset(this.#of.size, '')
      this.#change({ waiting: false, playing: false, trouble })
      return undefined
    }
  }

  /** All that happened by then in the part that is drawn. */
  #draw(until: number): void {
    const drawn = this.#drawn
    if (!drawn) return
    const { events } = drawn.part
    let texts: string[] = []
    for (let event = events[drawn.next]; event && event[0] <= until; event = events[++drawn.next]) {
      const [, kind, data] = event
      if (kind === 'o') texts.push(data)
      else {
        this.#of.stage.output(texts)
        texts = []
        this.#of.stage.resize(sizeIn(data))
      }
    }
    if (texts.length > 0) this.#of.stage.output(texts)
  }

  #change(by: Partial<PlayerState>): void {
    this.#state = { ...this.#state, ...by }
    this.#of.changed(this.#state)
  }
}
