import type { Recorder } from '../../../gateways/contract.ts'
import type { EntryId, PersonId, SessionId } from '../../../kernel/id.ts'
import type { Audit } from '../../audit/index.ts'
import { alongside } from '../alongside.ts'
import { entryQueue } from '../entry-queue.ts'
import { opaqueFromHere, ruleSeen } from '../events.ts'
import type { Notes } from '../file-notes.ts'
import { noOutages, type Outages } from '../outages.ts'
import { rulesOfCommand } from './command-rules.ts'
import { rulesOfFile } from './file-rules.ts'
import type { RuleName } from './rule.ts'
import { longestSql } from './split-sql.ts'
import { rulesOfAnswer, rulesOfApplication, rulesOfStatement } from './statement-rules.ts'

/** So often one session's alarms say the same; the last one says that there may be more. */
const most = 20
/** So long a statement may wait to be looked at, in milliseconds: out of the way of the statement itself. */
const lookEveryMs = 250
/** Statements that wait to be looked at, and their characters; with more of them they are looked at now. */
const mostUnseen = { statements: 256, characters: 1_000_000 }
/** Texts of a session that are known to mean nothing, and characters of each. */
const mostPlain = 200
const longestPlain = 4096
/** What can mean anything: the rest, a SELECT from a table above all, is not taken apart. */
const worthLooking =
  /drop|truncate|delete|update|copy|outfile|dumpfile|grant|role|user|set\b|alter|install|authorization|definer|\bdo\b|call|execute|prepare|handler|pg_(authid|shadow|read)|lo_import|load_file|authentication_string/i

export interface Watched {
  writer: Recorder
  /** Seconds since the recording began. */
  elapsed(): number
  /** Calls back for each command that was entered, with its second. */
  onCommand(callback: (text: string, seconds: number) => void): void
  /** The files that are told of lie on the person's machine, of which no rule speaks. */
  filesOfPerson?: boolean
}

/**
 * Looks at what passes, behind it, and raises `alarm.session_rule` with the second at which it was seen. The text itself is in the recording alone.
 */
export function watchRules(
  { audit, log, outages = noOutages }: { audit: Audit; log: (line: string) => void; outages?: Outages | undefined },
  of: { session: SessionId; person: PersonId; intent: EntryId; account: string },
  begun: { command?: string | undefined; application?: string | undefined },
  { writer, elapsed, onCommand, filesOfPerson = false }: Watched,
): Notes {
  const raised = new Map<RuleName, number>()
  const entries = entryQueue<{ rule: RuleName; seconds: number; n: number | null; more: boolean }>(
    ({ rule, seconds, n, more }) => {
      const { person, intent, ...where } = of
      // to work in another program is nothing to be alarmed about
      if (rule === 'opaque') return audit.noteLater(opaqueFromHere({ ...where, seconds, n }), person, { intent })
      return audit.noteLater(ruleSeen({ ...where, rule, seconds, n, more, tells: ['security'] }), person, { phase: 'alarm', intent })
    },
    ({ rule }, error) => log(`${rule} in session ${of.session} is not in the ledger yet: ${String(error)}`),
    () => outages.databaseAwayMs() > 0,
  )
  const raise = (rules: ReadonlySet<RuleName>, seconds = elapsed(), n: number | null = null): void => {
    for (const rule of rules) {
      const times = (raised.get(rule) ?? 0) + 1
      raised.set(rule, times)
      if (times <= most) entries.push({ rule, seconds: Math.floor(seconds), n, more: times === most })
    }
  }
  /** Texts in which there is nothing to look for. */
  const plain = new Set<string>()
  let unseen: { sql: string; comesAgain: boolean; seconds: number; n: number }[] = []
  let size = 0
  let timer: NodeJS.Timeout | undefined
  const look = (): void => {
    clearTimeout(timer)
    timer = undefined
    const all = unseen
    unseen = []
    size = 0
    for (const { sql, comesAgain, seconds, n } of all) {
      if (plain.has(sql)) continue
      if (worthLooking.test(sql)) raise(rulesOfStatement(sql), seconds, n)
      else if (comesAgain && sql.length <= longestPlain && plain.size < mostPlain) plain.add(sql)
    }
  }

  if (begun.command !== undefined) raise(rulesOfCommand(begun.command))
  if (begun.application !== undefined) raise(rulesOfApplication(begun.application))
  onCommand((text, seconds) => raise(rulesOfCommand(text), seconds))
  const recorder = alongside(writer, {
    statementStarted({ n, sql, parameters, again }) {
      // the same text was looked at when it came first
      if (again) return
      const begins = sql.length > longestSql ? sql.slice(0, longestSql) : sql
      // what has parameters comes again and again
      unseen.push({ sql: begins, comesAgain: parameters.length > 0, seconds: elapsed(), n })
      size += begins.length
      if (size >= mostUnseen.characters || unseen.length >= mostUnseen.statements) look()
      else timer ??= setTimeout(look, lookEveryMs)
    },
    statementEnded(end) {
      const rules = rulesOfAnswer(end)
      if (rules.size > 0) raise(rules, elapsed(), end.n)
    },
    file(act) {
      if (act.outcome !== 'open' && !filesOfPerson) raise(rulesOfFile(act), elapsed(), act.n)
    },
    pressure: entries.pressure,
  })
  return {
    recorder,
    drained: async () => {
      look()
      await entries.drained()
    },
  }
}
