import type { ScrubStream } from '../../../kernel/scrub-stream.ts'
import { type ScpCommand, scpCommand } from '../../../protocols/scp/index.ts'
import type { Recorder } from '../../contract.ts'
import { plainWire, type Wire } from '../wire.ts'
import { FileWatch } from './watch-files.ts'
import { ScpWatch } from './watch-scp.ts'

/** What passed was not what it was said to be, so that we would not know what happens: the session ends. */
export class NotFiles extends Error {}

const nothing = Buffer.alloc(0)

type Scrubs = { out: ScrubStream; err: ScrubStream }

/**
 * A transfer of files: what was done to which file is written down, and of contents how many bytes passed and their hash. What the target's
 * program says beside it, on stderr, is written down as it is.
 */
export function filesWire(recorder: Recorder, scrubs: Scrubs, command: string | undefined, refused: (what: string) => void): Wire {
  const scp = command === undefined ? undefined : scpCommand(command)
  return scp ? scpWire(recorder, scrubs, scp) : sftpWire(recorder, scrubs, refused)
}

function sftpWire(recorder: Recorder, scrubs: Scrubs, refused: (what: string) => void): Wire {
  const watch = new FileWatch({ tell: (act) => recorder.file(act), refused, scrub: scrubs.out.whole })
  return {
    ...plainWire(recorder, scrubs),
    out: {
      push(bytes) {
        const shown = watch.fromTarget(bytes)
        if (!shown) throw new NotFiles('no SFTP from the target')
        return joined(shown)
      },
      waits: false,
      early: () => nothing,
      end: () => nothing,
    },
    person(bytes) {
      const passed = watch.fromPerson(bytes)
      if (!passed) throw new NotFiles('no SFTP from the person')
      return { on: joined(passed.on), back: joined(passed.back) }
    },
    cut: () => watch.cut(),
  }
}

const joined = (pieces: Buffer[]): Buffer => (pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces))

/** One file after the other, in both directions as the bytes come: no packets, so that what may become a credential waits for the next byte. */
function scpWire(recorder: Recorder, scrubs: Scrubs, command: ScpCommand): Wire {
  const watch = new ScpWatch(command, (act) => recorder.file(act))
  const seen = (bytes: Buffer): Buffer => {
    if (bytes.length > 0 && !watch.fromTarget(bytes)) throw new NotFiles('no scp from the target')
    return bytes
  }
  return {
    ...plainWire(recorder, scrubs),
    out: {
      push: (bytes) => seen(scrubs.out.push(bytes)),
      get waits() {
        return scrubs.out.waits
      },
      early: () => seen(scrubs.out.early()),
      end: () => seen(scrubs.out.end()),
    },
    person(bytes) {
      if (!watch.fromPerson(bytes)) throw new NotFiles('no scp from the person')
      return { on: bytes, back: nothing }
    },
    cut: () => watch.cut(),
  }
}
