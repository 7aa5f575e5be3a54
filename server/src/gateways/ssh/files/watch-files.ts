import {
  decodeAnswer,
  decodeRequest,
  encodeStatus,
  encodeVersion,
  framed,
  isCarried,
  lengthBytes,
  PacketSplitter,
  type Request,
  statusCodes,
} from '../../../protocols/sftp/index.ts'
import { FileRequests, type FollowDeps } from './follow-requests.ts'
import type { Denied, RequestJudge } from './judge-requests.ts'

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
  /** Asks policy first; undefined where it has nothing to say. */
  judge?: RequestJudge | undefined
  /** A sentence for the person: clients say no more of a status than its number. */
  say?(sentence: string): void
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
  /** Packets that wait while policy is asked. */
  readonly #asked: Buffer[] = []
  readonly #said: Buffer[] = []
  #greeted: 'no' | 'asked' | 'yes' = 'no'

  constructor(deps: WatchDeps) {
    this.#deps = deps
    this.#requests = new FileRequests(deps)
  }

  fromPerson(bytes: Buffer): Passed | undefined {
    const packets = this.#up.push(bytes)
    if (!packets) return undefined
    const passed: Passed = { on: [], back: [] }
    this.#asked.push(...packets)
    const { judge } = this.#deps
    for (let packet = this.#asked[0]; packet && !judge?.asking.person; packet = this.#asked[0]) {
      const request = decodeRequest(packet.subarray(lengthBytes))
      if (!request) return undefined
      if (request.kind === 'init') {
        if (this.#greeted !== 'no') return undefined
        this.#greeted = 'asked'
        this.#asked.shift()
        passed.on.push(initV3, ...(judge ? [judge.greet()] : []))
        continue
      }
      if (this.#greeted !== 'yes' || !this.#requests.takes(request.id)) return undefined
      const verdict = judge?.before(request) ?? 'pass'
      if (verdict === 'wait') break
      this.#asked.shift()
      const no = verdict === 'pass' ? this.#requests.ask(request) : this.#denied(request, verdict)
      if (no) passed.back.push(encodeStatus(request.id, no.code, no.message))
      else passed.on.push(packet)
    }
    return passed
  }

  fromTarget(bytes: Buffer): Buffer[] | undefined {
    const packets = this.#down.push(bytes)
    if (!packets) return undefined
    const shown: Buffer[] = []
    this.#said.push(...packets)
    const { judge } = this.#deps
    for (let packet = this.#said[0]; packet && !judge?.asking.target; packet = this.#said[0]) {
      const clean = this.#deps.scrub(packet)
      const answer = decodeAnswer(clean.subarray(lengthBytes))
      if (!answer) return undefined
      const verdict = judge?.answer(answer) ?? 'pass'
      if (verdict === 'wait') break
      this.#said.shift()
      if (verdict === 'ours') continue
      if (answer.kind === 'version') {
        if (this.#greeted !== 'asked' || answer.version !== 3) return undefined
        this.#greeted = 'yes'
        const carried = answer.extensions.filter(({ name }) => isCarried(name))
        shown.push(encodeVersion(3, carried))
        continue
      }
      const refused = typeof verdict === 'object' ? verdict.denied : undefined
      const told = refused === undefined ? answer : ({ kind: 'status', id: answer.id, code: statusCodes.denied, message: refused } as const)
      if (!this.#requests.answered(told)) return undefined
      shown.push(refused === undefined ? clean : encodeStatus(answer.id, 'denied', refused))
      if (refused !== undefined) this.#deps.say?.(refused)
    }
    return shown
  }

  #denied(request: Exclude<Request, { kind: 'init' }>, denied: Denied) {
    this.#deps.say?.(denied.say)
    return this.#requests.denied(request, denied)
  }

  /** The session is over: what still runs was cut. */
  cut(): void {
    this.#requests.cut()
  }
}
