import { ok, type Result } from '../../kernel/result.ts'
import { verifyEd25519 } from '../../platform/crypto/ed25519.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent, FactKind } from '../facts/fact.ts'
import { type Kept, type Place, retentionOf } from '../facts/retention.ts'
import { type Keeping, keepingFrom } from '../facts/retention-rows.ts'
import { manifestOf } from '../vault/recording-keys.store.ts'

/** Rows that keep recordings. Each that the ledger knows is read and checked: one that was taken away or changed stops every destruction. */
async function allOf(context: KeeperContext, kind: FactKind): Promise<Result<FactContent[], KeeperRefusal>> {
  const facts = await context.facts.readAll(kind, context.notary.idsOf(kind))
  return facts.ok ? ok(facts.value.map((f) => f.content)) : facts
}

/** Classes, holds and closed anchors, as attested. */
export async function keepingOf(context: KeeperContext): Promise<Result<Keeping, KeeperRefusal>> {
  const classes = await allOf(context, 'retention_class')
  if (!classes.ok) return classes
  const holds = await allOf(context, 'legal_hold')
  if (!holds.ok) return holds
  const anchors = await allOf(context, 'retention_anchor')
  return anchors.ok ? ok(keepingFrom({ classes: classes.value, holds: holds.value, anchors: anchors.value })) : anchors
}

/** Until when the recording of a session is kept, from attested rows alone. */
export async function judgeRetention(
  context: KeeperContext,
  session: string,
  { classes, holds, closed }: Keeping,
): Promise<Result<{ kept: Kept; recording: string }, KeeperRefusal>> {
  const { facts } = context
  const row = await facts.read('session', session)
  if (!row.ok) return row
  const { person_id, account_id, grant_id, recording_id, opened_at, kept_as } = row.value.content
  const grant = await facts.read('access_grant', String(grant_id))
  if (!grant.ok) return grant
  const account = await facts.read('account', String(account_id))
  if (!account.ok) return account
  const target = await facts.read('target', String(account.value.content.target_id))
  if (!target.ok) return target
  const recording = String(recording_id)
  const openedAt = new Date(String(opened_at))
  const grantClosedAt = new Date(String(grant.value.content.ends_at))
  // what the database says of its end is not believed: the manifest that we signed, or the end of its grant, which no session outlives
  const endedAt = (await signedEnd(context, recording, openedAt)) ?? grantClosedAt
  const places = [placeOf(account.value.content, target.value.content), ...(kept_as ? [kept_as as unknown as Place] : [])]
  const it = { id: session, person: String(person_id), account: String(account_id), openedAt, endedAt, grantClosedAt, places }
  return ok({ kept: retentionOf(it, classes, holds, closed), recording })
}

/** Of account and target the more critical tier. */
export const placeOf = (account: FactContent, target: FactContent): Place => ({
  target: String(target.id),
  kind: String(target.kind),
  environment: String(target.environment),
  tier: Math.min(Number(account.tier), Number(target.tier)),
})

async function signedEnd({ pool, identity }: KeeperContext, recording: string, openedAt: Date): Promise<Date | undefined> {
  const stored = await manifestOf(pool, recording)
  if (!stored?.manifest || !stored.signature) return undefined
  const signed = Buffer.from(`claviger/recording-manifest/v1\n${stored.manifest}`, 'utf8')
  if (!verifyEd25519(identity.signer.publicKey, signed, stored.signature)) return undefined
  const said = JSON.parse(stored.manifest) as { recording?: unknown; ended?: unknown }
  const ended = new Date(String(said.ended))
  return said.recording === recording && ended >= openedAt ? ended : undefined
}
