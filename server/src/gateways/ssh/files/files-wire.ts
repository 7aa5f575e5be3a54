import type { ScrubStream } from '../../../kernel/scrub-stream.ts'
import { type ScpCommand, scpCommand } from '../../../protocols/scp/index.ts'
import type { JudgeFile, Recorder } from '../../contract.ts'
import { plainWire, type Wire } from '../wire.ts'
import { RequestJudge } from './judge-requests.ts'
import { ScpJudge } from './judge-scp.ts'
import { FileWatch } from './watch-files.ts'
import { ScpWatch } from './watch-scp.ts'

/** What passed was not what it was said to be, so that we would not know what happens: the session ends. */
export class NotFiles extends Error {}

const nothing = Buffer.alloc(0)

type Scrubs = { out: ScrubStream; err: ScrubStream }

/** What a transfer needs where policy looks at it. */
export interface Judging {
  judge: JudgeFile | undefined
  /** To the target, on our own account. */
  send(bytes: Buffer): void
  /** To the person. */
  say(sentence: string): void
}

/** So many different sentences one transfer says. */
const mostSaid = 20

/**
 * A transfer of files: what was done to which file is written down, and of contents how many bytes passed and their hash. What the target's
 * program says beside it, on stderr, is written down as it is.
 */
export function filesWire(
  recorder: Recorder,
  scrubs: Scrubs,
  command: string | undefined,
  refused: (what: string) => void,
  judging: Judging,
): Wire {
  const scp = command === undefined ? undefined : scpCommand(command)
  const told = new Set<string>()
  const say = (sentence: string) => {
    if (told.has(sentence) || told.size >= mostSaid) return
    told.add(sentence)
    judging.say(sentence)
  }
  const { judge: ask } = judging
  const once = { ...judging, say, judge: ask && ((asked, how) => ask(asked, { tell: judging.say, ...how })) } satisfies Judging
  return scp ? scpWire(recorder, scrubs, scp, once) : sftpWire(recorder, scrubs, refused, once)
}

function sftpWire(recorder: Recorder, scrubs: Scrubs, refused: (what: string) => void, { judge: ask, send, say }: Judging): Wire {
  const judge = ask && new RequestJudge(ask, send)
  const watch = new FileWatch({ tell: (act) => recorder.file(act), refused, scrub: (piece) => scrubs.out.whole(piece), judge, say })
  return {
    ...plainWire(recorder, scrubs),
    ...(judge && { asking: judge.asking }),
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
function scpWire(recorder: Recorder, scrubs: Scrubs, command: ScpCommand, { judge: ask, send }: Judging): Wire {
  const judge = ask && new ScpJudge(command, ask)
  let back: Buffer[] = []
  const refuse = (sentence: string): Buffer => {
    const no = Buffer.from(`\x01scp: ${sentence.replace(/\p{Cc}/gu, ' ')}\n`)
    if (command.op === 'put') back.push(no)
    else send(no)
    return no
  }
  const watch = new ScpWatch(command, (act) => recorder.file(act), judge && { judge, refuse })
  const seen = (bytes: Buffer): Buffer => {
    const passed = bytes.length > 0 || judge ? watch.fromTarget(bytes) : nothing
    if (!passed) throw new NotFiles('no scp from the target')
    return passed
  }
  return {
    ...plainWire(recorder, scrubs),
    ...(judge && { asking: judge.asking }),
    out: {
      push: (bytes) => seen(scrubs.out.push(bytes)),
      get waits() {
        return scrubs.out.waits
      },
      early: () => seen(scrubs.out.early()),
      end: () => seen(scrubs.out.end()),
    },
    person(bytes) {
      const passed = watch.fromPerson(bytes)
      if (!passed) throw new NotFiles('no scp from the person')
      const told = joined(back)
      back = []
      return { on: passed, back: told }
    },
    cut: () => watch.cut(),
  }
}
