import type { ScrubStream } from '../../../kernel/scrub-stream.ts'
import type { Recorder } from '../../contract.ts'
import { plainWire, type Wire } from '../wire.ts'
import { FileWatch } from './watch-files.ts'

/** The SFTP stream made no sense, so that we would not know what passes: the session ends. */
export class NotSftp extends Error {}

const nothing = Buffer.alloc(0)

/**
 * A transfer of files: what was done to which file is written down, and of contents how many bytes passed and their hash. What the target's
 * program says beside it, on stderr, is written down as it is.
 */
export function filesWire(recorder: Recorder, scrubs: { out: ScrubStream; err: ScrubStream }, refused: (what: string) => void): Wire {
  const watch = new FileWatch({ tell: (act) => recorder.file(act), refused, scrub: scrubs.out.whole })
  return {
    ...plainWire(recorder, scrubs),
    out: {
      push(bytes) {
        const shown = watch.fromTarget(bytes)
        if (!shown) throw new NotSftp('from the target')
        return joined(shown)
      },
      waits: false,
      early: () => nothing,
      end: () => nothing,
    },
    person(bytes) {
      const passed = watch.fromPerson(bytes)
      if (!passed) throw new NotSftp('from the person')
      return { on: joined(passed.on), back: joined(passed.back) }
    },
    cut: () => watch.cut(),
  }
}

const joined = (pieces: Buffer[]): Buffer => (pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces))
