import type { Forwarded, LiveSession } from '../../gateways/contract.ts'
import type { EntryId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import type { RecordingWriter } from '../recording/index.ts'
import { entryQueue } from './entry-queue.ts'
import { forwarded, forwarding } from './events.ts'
import { endForward, insertForward } from './forward.store.ts'
import { type InSession, judgeAct } from './judge-act.ts'
import type { OpenSessionDeps } from './opening.ts'
import { noOutages } from './outages.ts'

interface Ended {
  n: number
  intent: EntryId
  at: Date
  end: Forwarded
}

/**
 * Connections that one session carries: each is judged, and its intent stands in the ledger before anything connects. Their ends are
 * written behind them, and offered again while the database is away.
 */
export function forwardConnections(
  deps: OpenSessionDeps,
  of: InSession,
  writer: Pick<RecordingWriter, 'happened'>,
): { forward: LiveSession['forward']; drained(): Promise<void> } {
  const { db, audit, clock, log, outages = noOutages } = deps
  let count = 0
  const ends = entryQueue<Ended>(
    async ({ n, intent, at, end: { sent, received, outcome, message } }) => {
      await db
        .transaction()
        .execute((tx) => endForward(tx, of.session, n, { ended_at: at, sent, received, outcome, message: message ?? null }))
      const event = forwarded({ session: of.session, n, sent, received, outcome, message: message ?? null })
      await audit.noteLater(event, of.person, { phase: 'outcome', intent })
    },
    ({ n }, error) => log(`the end of connection ${n} of session ${of.session} is not in the ledger yet: ${String(error)}`),
    () => outages.databaseAwayMs() > 0,
  )
  return {
    async forward({ direction, host, port, from }) {
      const judged = await judgeAct(deps, of, { action: 'forward', direction, host, port })
      if (!judged.ok) return judged
      await ends.pressure()
      const n = ++count
      const begun = await audit.act<EntryId, { code: string }>(
        { act: 'session.forward', by: of.person, about: { session: of.session } },
        async ({ tx, record }) => {
          await insertForward(tx, { session_id: of.session, n, direction, host, port, source: from, opened_at: clock.now() })
          return ok(
            await record(forwarding({ session: of.session, n, direction, host, port, from }), [], { phase: 'intent', intent: of.intent }),
          )
        },
      )
      if (!begun.ok) return fail({ code: begun.error.code, say: 'The connection could not be recorded in the ledger.' })
      writer.happened(`forwarding ${n} ${direction} ${host}:${port}`)
      let over = false
      return ok((end: Forwarded) => {
        if (over) return
        over = true
        writer.happened(`forwarded ${n} ${end.outcome}, ${end.sent} bytes sent, ${end.received} received`)
        ends.push({ n, intent: begun.value, at: clock.now(), end })
      })
    },
    drained: ends.drained,
  }
}
