import {
  decodeAnswer,
  decodeRequest,
  encodeStatus,
  encodeVersion,
  framed,
  isCarried,
  lengthBytes,
  PacketSplitter,
} from '../../../protocols/sftp/index.ts'
import { FileRequests, type FollowDeps } from './follow-requests.ts'

/** `init` of the only version that we follow. A client that knows later ones is content with it. */
const initV3 = framed(Buffer.from([1, 0, 0, 0, 3]))

/** What goes on to the target, and what comes back to the person at once. */
export interface Passed {
  on: Buffer[]
  back: Buffer[]
}

export interface WatchDeps extends FollowDeps {
  /** What the target says, without what nobody may see. */
  scrub(packet: Buffer): Buffer
}

/**
 * Stands in an SFTP stream (version 3) and lets only whole packets through that it has understood, so that what was written down is all that
 * happened. Extensions that it does not know are refused, and not offered. Where it answers undefined, the stream made no sense: nothing more
 * may pass.
 */
export class FileWatch {
  readonly #deps: WatchDeps
  readonly #requests: FileRequests
  readonly #up = new PacketSplitter()
  readonly #down = new PacketSplitter()
  #greeted: 'no' | 'asked' | 'yes' = 'no'

  constructor(deps: WatchDeps) {
    this.#deps = deps
    this.#requests = new FileRequests(deps)
  }

  fromPerson(bytes: Buffer): Passed | undefined {
    const packets = this.#up.push(bytes)
    if (!packets) return undefined
    const passed: Passed = { on: [], back: [] }
    for (const packet of packets) {
      const request = decodeRequest(packet.subarray(lengthBytes))
      if (!request) return undefined
      if (request.kind === 'init') {
        if (this.#greeted !== 'no') return undefined
        this.#greeted = 'asked'
        passed.on.push(initV3)
        continue
      }
      if (this.#greeted !== 'yes' || !this.#requests.takes(request.id)) return undefined
      const no = this.#requests.ask(request)
      if (no) passed.back.push(encodeStatus(request.id, no.code, no.message))
      else passed.on.push(packet)
    }
    return passed
  }

  fromTarget(bytes: Buffer): Buffer[] | undefined {
    const packets = this.#down.push(bytes)
    if (!packets) return undefined
    const shown: Buffer[] = []
    for (const packet of packets) {
      const clean = this.#deps.scrub(packet)
      const answer = decodeAnswer(clean.subarray(lengthBytes))
      if (!answer) return undefined
      if (answer.kind === 'version') {
        if (this.#greeted !== 'asked' || answer.version !== 3) return undefined
        this.#greeted = 'yes'
        const carried = answer.extensions.filter(({ name }) => isCarried(name))
        shown.push(encodeVersion(3, carried))
        continue
      }
      if (!this.#requests.answered(answer)) return undefined
      shown.push(clean)
    }
    return shown
  }

  /** The session is over: what still runs was cut. */
  cut(): void {
    this.#requests.cut()
  }
}
