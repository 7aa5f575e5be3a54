import type { ScrubStream } from '../../kernel/scrub-stream.ts'
import type { Recorder } from '../contract.ts'

/** What the target says on one of its two streams, made ready to be shown: scrubbed, and written down. */
interface FromTarget {
  push(bytes: Buffer): Buffer
  /** Something is held back that `early` would let out. */
  readonly waits: boolean
  early(): Buffer
  /** The stream has ended. */
  end(): Buffer
}

/**
 * What stands between both ends of a session and writes down what passes. Each function returns what may pass now; one that throws lets nothing
 * pass any more.
 */
export interface Wire {
  out: FromTarget
  err: FromTarget
  /** `back`: what the door answers by itself, to the person. */
  person(bytes: Buffer): { on: Buffer; back: Buffer }
  /** While policy is asked, what comes from this side waits. Then `person`, or `out.push`, goes on with what waited, for no bytes more. */
  asking?: { person?: Promise<void> | undefined; target?: Promise<void> | undefined }
  /** Resolves when what is to be written fell below a bound; undefined when there is nothing to wait for. */
  pressure(): Promise<void> | undefined
  /** The session is over. */
  cut(): void
}

const nothing = Buffer.alloc(0)

/** A shell or a command: bytes as they are. */
export function plainWire(recorder: Recorder, scrubs: { out: ScrubStream; err: ScrubStream }): Wire {
  const from = (scrub: ScrubStream): FromTarget => {
    const written = (bytes: Buffer) => {
      if (bytes.length > 0) recorder.output(bytes)
      return bytes
    }
    return {
      push: (bytes) => written(scrub.push(bytes)),
      get waits() {
        return scrub.waits
      },
      early: () => written(scrub.early()),
      end: () => written(scrub.end()),
    }
  }
  return {
    out: from(scrubs.out),
    err: from(scrubs.err),
    person(bytes) {
      recorder.input(bytes)
      return { on: bytes, back: nothing }
    },
    pressure: () => recorder.pressure(),
    cut: () => {},
  }
}
