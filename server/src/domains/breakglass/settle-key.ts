import { attest } from '../../keeper/attest-rows.ts'
import type { AccountId, BreakglassKeyId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import { type KeyRow, lockKey, lockKeyThatIs, markedAccounts, setKeyState } from './breakglass.store.ts'
import type { BreakglassError } from './errors.ts'
import { keyConfirmed, keyDropped } from './events.ts'
import type { KeyDeps } from './propose-key.ts'

/** Orders a rotation in the same transaction. Given by the composition root: rotation knows how. */
export type OrderRotation = (tx: Tx, account: AccountId, by: PersonId, why: string) => Promise<void>

/** An officer says that this is the key whose shares the custodians got: from now on it counts, and everything for emergencies is rotated to it. */
export async function confirmKey(
  { audit, keeper, orderRotation }: KeyDeps & { orderRotation: OrderRotation },
  by: { person: PersonId; code: string },
  id: BreakglassKeyId,
): Promise<Result<void, BreakglassError>> {
  return await audit.act<void, BreakglassError>(
    { act: 'breakglass.confirm_key', by: by.person, about: { key: id } },
    async ({ tx, record }) => {
      const row = await lockKey(tx, id)
      if (row?.state !== 'proposed') return settled(id, row)
      const before = await lockKeyThatIs(tx, 'active')
      // the one before first: the database lets one count at a time
      const rows = [
        ...(before ? [{ ...before, state: 'replaced' as const, revision: before.revision + 1 }] : []),
        { ...row, state: 'active' as const, revision: row.revision + 1 },
      ]
      const facts = rows.map((r) => ({ kind: 'breakglass_key' as const, revision: r.revision, row: { ...r } }))
      const attested = await attest(keeper, facts, { by: 'stepUp', ...by })
      if (!attested.ok) return attested
      for (const r of rows) await setKeyState(tx, r, attested.value.macOf(r.id))
      await record(keyConfirmed({ key: id, recipient: row.recipient, replaces: before?.id ?? null }), attested.value.attestations)
      for (const account of await markedAccounts(tx)) await orderRotation(tx, account, by.person, 'the key for break-glass was replaced')
      return ok(undefined)
    },
  )
}

/** Nothing was sealed to it yet. */
export async function dropKey(
  { audit, keeper }: KeyDeps,
  by: { person: PersonId; code: string },
  id: BreakglassKeyId,
): Promise<Result<void, BreakglassError>> {
  return await audit.act<void, BreakglassError>(
    { act: 'breakglass.drop_key', by: by.person, about: { key: id } },
    async ({ tx, record }) => {
      const row = await lockKey(tx, id)
      if (row?.state !== 'proposed') return settled(id, row)
      const dropped = { ...row, state: 'dropped' as const, revision: row.revision + 1 }
      const attested = await attest(keeper, [{ kind: 'breakglass_key', revision: dropped.revision, row: { ...dropped } }], {
        by: 'stepUp',
        ...by,
      })
      if (!attested.ok) return attested
      await setKeyState(tx, dropped, attested.value.macOf(id))
      await record(keyDropped({ key: id }), attested.value.attestations)
      return ok(undefined)
    },
  )
}

const settled = (key: string, row: KeyRow | undefined) =>
  row ? fail({ code: 'breakglass.key_settled' as const, state: row.state }) : fail({ code: 'breakglass.key_unknown' as const, key })
