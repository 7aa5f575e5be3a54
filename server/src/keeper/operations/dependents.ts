import { ok } from '../../kernel/result.ts'
import { refuse } from '../refuse.ts'
import type { Handler } from './handler.ts'
import { intentIsRecorded } from './recorded-intent.ts'

/** A credential leaves for a dependent that is attested and stands, and the answer says where that is: nobody else's row is asked. */
export const dependentSecret: Handler<'dependentSecret'> = async ({ context, args }) => {
  const recorded = await intentIsRecorded(context, args.intent, 'dependent', args.dependent)
  if (!recorded.ok) return recorded
  if (recorded.value.act !== 'dependents.telling') return refuse('keeper.no_intent', 'This intent is for something else. Start it again.')
  const row = await context.facts.read('dependent', args.dependent)
  if (!row.ok) return row
  const d = row.value.content
  if (d.state !== 'active')
    return refuse('dependents.not_active', 'This dependent was removed, or nobody confirmed it yet. It is told nothing.')
  const account = await context.facts.read('account', String(d.account_id))
  if (!account.ok) return account
  const host = await context.facts.read('target', String(d.host_id))
  if (!host.ok) return host
  const opened = await context.vault.openState({ kind: 'account', id: String(d.account_id), what: String(d.credential) }, 'current')
  if (!opened.ok) return opened
  const { id, kind, settings, identity } = host.value.content
  return ok({
    credential: d.credential as 'password' | 'ssh-key',
    version: opened.value.version,
    public: opened.value.public,
    how: d.settings as Record<string, never>,
    host: { id: String(id), kind: String(kind), settings: settings as Record<string, never>, identity: identity as Record<string, string> },
    payload: opened.value.secret,
  })
}
