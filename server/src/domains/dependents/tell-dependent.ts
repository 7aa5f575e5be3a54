import type { DependentId, EntryId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { holdLock } from '../../platform/db/hold-lock.ts'
import { turnOn } from '../inventory/index.ts'
import { lockDependent } from './dependents.store.ts'
import type { DependentDeps } from './deps.ts'
import type { DependentError } from './errors.ts'
import { dependentNotTold, dependentTelling } from './events.ts'
import { readHow } from './how.ts'
import { changeNews, lockNews, type NewsRow } from './news.store.ts'
import { type Host, onHost } from './on-host.ts'
import { notTold, told } from './settle.ts'
import type { Telling } from './telling.ts'

export type Attempt = { did: 'nothing' } | { did: 'told'; version: number } | { did: 'failed'; error: DependentError; nextAt: Date }

/**
 * One attempt to tell a dependent of the newest version. What is to be told stays so until the outcome is written: whoever is killed in between
 * leaves it due, and any server does all of it again, which is as good as once. The rotation itself is done, whatever comes of this.
 */
export async function tellDependent(
  deps: DependentDeps,
  { id, host }: { id: DependentId; host: TargetId },
  { patienceMs = 0, early = false }: { patienceMs?: number; early?: boolean } = {},
): Promise<Result<Attempt, DependentError>> {
  const attempted = await holdLock(deps.db, turnOn(host), patienceMs, async (): Promise<Result<Attempt, DependentError>> => {
    const begun = await begin(deps, id, early)
    if (!begun.ok) return begun
    if (!begun.value) return ok({ did: 'nothing' })
    const { telling, news, intent } = begun.value
    const done = await attempt(deps, telling, intent)
    if (done.ok) {
      await told(deps, telling, intent, done.value)
      return ok({ did: 'told', version: done.value.version })
    }
    return ok({ did: 'failed', error: done.error, nextAt: await notTold(deps, telling, news, intent, done.error) })
  })
  return attempted.ok ? attempted.value : fail({ code: 'dependents.busy' })
}

type Begun = { telling: Telling; news: NewsRow; intent: EntryId } | undefined

/** The intent of this attempt; that of one that a crash cut off is closed in the same act. */
async function begin({ audit, now }: DependentDeps, id: DependentId, early: boolean): Promise<Result<Begun, DependentError>> {
  return await audit.act<Begun, DependentError>({ act: 'dependents.tell', by: null, about: { dependent: id } }, async ({ tx, record }) => {
    const row = await lockDependent(tx, id)
    const news = await lockNews(tx, id)
    const at = now()
    const due = news?.state === 'waiting' && (early || news.due_at <= at || news.ordered_at > at || (news.tried_at ?? at) > at)
    if (row?.state !== 'active' || !news || !due) return ok(undefined)
    const { account_id: account, host_id: host, credential } = row
    if (news.intent) {
      const cutOff = dependentNotTold({ dependent: id, account, version: news.version, code: 'dependents.cut_off' })
      await record(cutOff, [], { phase: 'outcome', intent: news.intent })
    }
    const telling = dependentTelling({ dependent: id, account, target: host, credential, version: news.version })
    const intent = await record(telling, [], { phase: 'intent' })
    await changeNews(tx, id, { tried_at: at, intent })
    return ok({ telling: { dependent: id, account, host, credential }, news, intent })
  })
}

async function attempt(
  deps: DependentDeps,
  { dependent }: Telling,
  intent: EntryId,
): Promise<Result<{ version: number; changed: boolean }, DependentError>> {
  const released = await deps.keeper.ask('dependentSecret', { dependent, intent })
  if (!released.ok) return released
  const { credential: kind, version, public: publicKey, payload, host, how } = released.value
  const secret = payload ?? new Secret(new Uint8Array())
  try {
    const read = readHow(how)
    if (!read.ok) return read
    const credential = { kind, secret, ...(publicKey && { publicKey }) }
    const done = await onHost(deps, { ...host, id: host.id as Host['id'] }, intent, (open, as) =>
      open.tell(host.identity, as, read.value, credential),
    )
    return done.ok ? ok({ version, changed: done.value.changed }) : done
  } finally {
    secret.wipe()
  }
}
