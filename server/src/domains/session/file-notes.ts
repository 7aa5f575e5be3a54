import { setTimeout as sleep } from 'node:timers/promises'
import type { FileAct, Recorder } from '../../gateways/contract.ts'
import type { EntryId, PersonId, SessionId } from '../../kernel/id.ts'
import type { Audit } from '../audit/index.ts'
import { fileDone } from './events.ts'

/** Looked at, or no more than its mode or times: it stands in the recording alone. */
const quiet: readonly FileAct['op'][] = ['list', 'attributes']
/** Entries that wait for the database; beyond it nothing passes until they are fewer. */
const mostWaiting = 200
/** A database that is away must not lose an entry: each is offered again, a second later. */
const tries = 120

export interface FileNotes {
  /** Writes down through `writer`, and in the ledger what was done to a file and has ended. */
  readonly recorder: Recorder
  /** Settles when every entry is written, or it is given up. */
  drained(): Promise<void>
}

/** The ledger's entries for one transfer of files: one for each file, in the order in which they ended, behind the transfer itself. */
export function noteFiles(
  { audit, log }: { audit: Audit; log: (line: string) => void },
  of: { session: SessionId; person: PersonId; intent: EntryId },
  writer: Recorder,
): FileNotes {
  const waiting: FileAct[] = []
  let work: Promise<void> = Promise.resolve()
  let working = false
  let room: PromiseWithResolvers<void> | undefined

  const write = async ({ n, op, bytes, sha256, outcome, path, to }: FileAct): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        await audit.noteLater(fileDone({ session: of.session, n, op, bytes, sha256, outcome, path, to }), of.person, { intent: of.intent })
        return
      } catch (error) {
        if (attempt === 1) log(`file ${n} of session ${of.session} is not in the ledger yet: ${String(error)}`)
        if (attempt >= tries) return
        await sleep(1_000)
      }
    }
  }
  const writeAll = async (): Promise<void> => {
    for (let act = waiting[0]; act; act = waiting[0]) {
      await write(act)
      waiting.shift()
      if (waiting.length < mostWaiting / 2) room?.resolve()
    }
    // in the same step in which the list was found empty
    working = false
  }
  return {
    recorder: {
      output: (bytes) => writer.output(bytes),
      input: (bytes) => writer.input(bytes),
      resize: (columns, rows) => writer.resize(columns, rows),
      statementStarted: (statement) => writer.statementStarted(statement),
      statementEnded: (end) => writer.statementEnded(end),
      file(act) {
        writer.file(act)
        if (act.outcome === 'open' || quiet.includes(act.op)) return
        waiting.push(act)
        if (working) return
        working = true
        work = writeAll()
      },
      pressure() {
        const written = writer.pressure()
        if (written || waiting.length < mostWaiting) return written
        room = Promise.withResolvers<void>()
        return room.promise
      },
    },
    drained: () => work,
  }
}
