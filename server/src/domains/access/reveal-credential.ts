import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { About } from '../../kernel/credential-kinds.ts'
import type { EntryId, GrantId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import type { AccessError } from './errors.ts'
import { credentialShowing, credentialShown, notShown } from './events.ts'
import { grantedAccount, insertReveal, openReveals, type RevealRow, setRevealIntent, setRevealState } from './reveal.store.ts'
import { sees } from './rules.ts'

export interface RevealDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  now: () => Date
}

export interface Shown {
  account: string
  target: string
  credential: RevealRow['credential']
  version: number
  public: string | null
  about: About | null
  until: string
  /** The caller wipes it. */
  secret: Secret
}

/**
 * Shows a credential to the person who holds its account: once for a fresh code. Who sees which version is attested, and in the ledger, before
 * the keeper decides once more and lets it go.
 */
export async function revealCredential(
  deps: RevealDeps,
  id: GrantId,
  who: { person: PersonId; groups: readonly string[] },
  given: { code: string; credential?: RevealRow['credential'] | undefined },
): Promise<Result<Shown, AccessError>> {
  const { db, audit, keeper, now } = deps
  const mine = await grantForSeeing(db, id, who)
  if (!mine.ok) return mine
  const on = mine.value
  const versions = await keeper.ask('versions', { accounts: [on.account] })
  if (!versions.ok) return versions
  const current = versions.value.versions.filter((v) => v.state === 'current')
  const chosen = current.find((v) => v.credential === (given.credential ?? 'password')) ?? (given.credential ? undefined : current[0])
  if (!chosen) return fail({ code: 'access.no_credential', account: `${on.name}@${on.target}` })
  const row: RevealRow = {
    ...{ id: newId('rvl'), grant_id: id, person_id: who.person, account_id: on.account },
    ...{ credential: chosen.credential, version: chosen.version, at: now() },
  }

  const begun = await audit.act<{ intent: EntryId; presence: string }, AccessError>(
    { act: 'access.reveal', by: who.person, about: { grant: id } },
    async ({ tx, record }) => {
      const attested = await attest(keeper, [{ kind: 'reveal', revision: 1, row: { ...row } }], {
        ...{ by: 'stepUp', person: who.person, code: given.code },
      })
      if (!attested.ok) return attested
      await insertReveal(tx, row, attested.value.macOf(row.id))
      const { account_id: account, credential, version } = row
      const showing = credentialShowing({ reveal: row.id, grant: id, account, credential, version })
      const intent = await record(showing, attested.value.attestations, { phase: 'intent' })
      await setRevealIntent(tx, row.id, intent)
      return ok({ intent, presence: attested.value.presence ?? '' })
    },
  )
  if (!begun.ok) return begun
  const { intent, presence } = begun.value
  const answer = await keeper.ask('reveal', { reveal: row.id, presence })
  const settle = (state: 'shown' | 'failed') => db.transaction().execute((tx) => setRevealState(tx, row.id, state))
  if (!answer.ok) {
    await settle('failed')
    await audit.note(notShown({ reveal: row.id, account: row.account_id, code: answer.error.code }), who.person, {
      phase: 'outcome',
      intent,
    })
    return answer
  }
  const secret = answer.value.payload ?? new Secret(new Uint8Array())
  await settle('shown')
  await audit.noteLater(credentialShown({ reveal: row.id, account: row.account_id, version: row.version }), who.person, {
    phase: 'outcome',
    intent,
  })
  const { credential, version, public: line, about, endsAt } = answer.value
  return ok({ account: on.name, target: on.target, credential, version, public: line, about, until: endsAt, secret })
}

/** My grant for seeing a credential, as the rows say it. The keeper asks again; here so that no code is spent on what it refuses. */
export async function grantForSeeing(
  db: Db,
  id: GrantId,
  who: { person: PersonId; groups: readonly string[] },
): Promise<Result<NonNullable<Awaited<ReturnType<typeof grantedAccount>>>, AccessError>> {
  const on = await db.transaction().execute((tx) => grantedAccount(tx, id))
  if (!on || !sees(on.person, who)) return fail({ code: 'access.grant_unknown', grant: id })
  if (on.person !== who.person) return fail({ code: 'access.not_yours' })
  if (on.action !== 'reveal') return fail({ code: 'access.connect_only' })
  return on.state === 'active' ? ok(on) : fail({ code: 'access.grant_over' })
}

/** Longer than a showing takes, by far: the keeper answers none that is older. */
const overMs = 120_000

/** Closes what a crash left open: the credential may have been shown, so it counts as seen. */
export async function settleReveals({ audit, now }: RevealDeps): Promise<void> {
  await audit.act<void, AccessError>({ act: 'access.settle_reveals', by: null }, async ({ tx, record }) => {
    for (const { id, intent, account } of await openReveals(tx, new Date(now().getTime() - overMs))) {
      await setRevealState(tx, id, 'shown')
      if (intent) await record(notShown({ reveal: id, account, code: 'access.cut_off' }), [], { phase: 'outcome', intent })
    }
    return ok(undefined)
  })
}
