import type { FileAct, Recorder } from '../../gateways/contract.ts'
import type { EntryId, PersonId, SessionId } from '../../kernel/id.ts'
import type { Audit } from '../audit/index.ts'
import { alongside } from './alongside.ts'
import { entryQueue } from './entry-queue.ts'
import { fileDone } from './events.ts'
import { noOutages, type Outages } from './outages.ts'

/** Looked at, or no more than its mode or times: it stands in the recording alone. */
const quiet: readonly FileAct['op'][] = ['list', 'attributes']

/** What writes down a session, and beside it writes entries of the ledger. */
export interface Notes {
  readonly recorder: Recorder
  /** Settles when every entry is written, or it is given up. */
  drained(): Promise<void>
}

/** The ledger's entries for one transfer of files: one for each file, in the order in which they ended, behind the transfer itself. */
export function noteFiles(
  { audit, log, outages = noOutages }: { audit: Audit; log: (line: string) => void; outages?: Outages | undefined },
  of: { session: SessionId; person: PersonId; intent: EntryId },
  writer: Recorder,
): Notes {
  const entries = entryQueue<FileAct>(
    ({ n, op, bytes, sha256, outcome, path, to }) =>
      audit.noteLater(fileDone({ session: of.session, n, op, bytes, sha256, outcome, path, to }), of.person, { intent: of.intent }),
    ({ n }, error) => log(`file ${n} of session ${of.session} is not in the ledger yet: ${String(error)}`),
    () => outages.databaseAwayMs() > 0,
  )
  const recorder = alongside(writer, {
    file(act) {
      if (act.outcome !== 'open' && !quiet.includes(act.op)) entries.push(act)
    },
    pressure: entries.pressure,
  })
  return { recorder, drained: entries.drained }
}
