import type { EntryId } from '../../kernel/id.ts'
import { ok } from '../../kernel/result.ts'
import type { DependentDeps } from './deps.ts'
import type { DependentError } from './errors.ts'
import { dependentAlarm, dependentNotTold, dependentTold } from './events.ts'
import { changeNews, lockNews, type NewsRow } from './news.store.ts'
import { escalatesAt, isWaiting, pauseAfter, tellsOf } from './rules.ts'
import type { Telling } from './telling.ts'

/** What waits for somebody else is looked at again after so long. */
const waitMs = 5_000

/** It uses this version now. Where the credential was replaced meanwhile it is told once more. */
export async function told(
  { audit, now }: DependentDeps,
  { dependent, account }: Telling,
  intent: EntryId,
  { version, changed }: { version: number; changed: boolean },
): Promise<void> {
  await audit.act<void, DependentError>({ act: 'dependents.settle', by: null, about: { dependent } }, async ({ tx, record }) => {
    const newest = await lockNews(tx, dependent)
    const over = (newest?.version ?? 0) <= version
    await changeNews(tx, dependent, {
      ...{ failures: 0, error: null, intent: null, told_version: version, told_at: now(), changed },
      ...(over ? { state: 'done' as const } : { due_at: now() }),
    })
    await record(dependentTold({ dependent, account, version, changed }), [], { phase: 'outcome', intent })
    return ok(undefined)
  })
}

/** The credential stays what it is. It is tried again by itself, ever more slowly, and somebody is told at the first and the third failure. */
export async function notTold(
  { audit, now, retryMs }: DependentDeps,
  { dependent, account, host }: Telling,
  news: NewsRow,
  intent: EntryId,
  { code }: DependentError,
): Promise<Date> {
  const counted = !isWaiting(code)
  const failures = news.failures + Number(counted)
  const due = new Date(now().getTime() + (counted ? pauseAfter(failures, retryMs, code) : waitMs))
  await audit.act<void, DependentError>({ act: 'dependents.settle', by: null, about: { dependent } }, async ({ tx, record }) => {
    const newest = await lockNews(tx, dependent)
    // given anew while it was tried: that is due at once, and failed at nothing yet
    const same = newest?.version === news.version
    await changeNews(tx, dependent, { intent: null, error: code, ...(same && { failures, due_at: due }) })
    await record(dependentNotTold({ dependent, account, version: news.version, code }), [], { phase: 'outcome', intent })
    const tells = counted ? [...tellsOf(failures)] : []
    if (tells.length > 0 && failures <= escalatesAt)
      await record(dependentAlarm({ dependent, account, target: host, failures, code, nextAt: due.toISOString(), tells }), [], {
        phase: 'alarm',
      })
    return ok(undefined)
  })
  return due
}
