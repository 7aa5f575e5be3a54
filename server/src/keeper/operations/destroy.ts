import type { CredentialKind } from '../../kernel/credential-kinds.ts'
import { ok } from '../../kernel/result.ts'
import { isIn, rangesIn } from '../facts/destruction.ts'
import type { FactContent } from '../facts/fact.ts'
import { refuse } from '../refuse.ts'
import { dueVersions, notShredded, shredVersions } from '../vault/destroy.store.ts'
import { dropFromEscrow } from '../vault/escrow-drop.ts'
import type { Handler } from './handler.ts'

/** Does what attested rows say: the data keys of destroyed versions go out of the database, then out of the escrow. Safe to repeat. */
export const shred: Handler<'shred'> = async ({ context, args }) => {
  const rows = new Map<string, FactContent>()
  let versions = 0
  for (const account of args.accounts) {
    const row = await context.destroyed(account)
    if (!row.ok) return row
    if (!row.value) return refuse('keeper.unknown_row', `Nothing of ${account} was destroyed.`, { id: account })
    rows.set(account, row.value)
    context.sealedVersions.forget(account)
    for (const what of Object.keys(row.value.gone as object))
      versions += await shredVersions(context.pool, account, what, rangesIn(row.value, what))
  }
  const escrow = dropFromEscrow(
    context.folder,
    ({ owner_kind: kind, owner_id: account, what, version }) => kind === 'account' && isIn(rangesIn(rows.get(account), what), version),
  )
  return ok({ versions, escrow })
}

/** What is to be destroyed by policy, account by account, and what was destroyed and still lies there. */
export const versionsDue: Handler<'versionsDue'> = async ({ context, args }) => {
  const unfinished = await notShredded(context.pool, args.limit)
  const policy = await context.versionPolicy()
  if (!policy.ok) return policy
  if (!policy.value) return ok({ due: [], unfinished })
  const { keep, days } = policy.value
  const before = new Date(context.now().getTime() - days * 86_400_000)
  const due = await dueVersions(context.pool, { keep, before }, args.after, args.limit)
  return ok({ due: due as { account: string; credential: CredentialKind; versions: number[] }[], unfinished })
}

export const versionPolicy: Handler<'versionPolicy'> = async ({ context }) => {
  const policy = await context.versionPolicy()
  if (!policy.ok) return policy
  return ok(policy.value ? { ...policy.value, state: 'on' as const } : { ...usual, state: 'off' as const })
}
/** What is proposed to whoever turns it on. */
const usual = { keep: 10, days: 365 }
