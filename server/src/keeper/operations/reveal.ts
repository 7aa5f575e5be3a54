import type { CredentialKind } from '../../kernel/credential-kinds.ts'
import { ok } from '../../kernel/result.ts'
import { maySee } from '../decide/may-see.ts'
import { whoIsPresent } from '../people/who-is-present.ts'
import { refuse } from '../refuse.ts'
import { shownOf } from '../vault/about.ts'
import type { Handler } from './handler.ts'

/**
 * Shows a credential to the person who holds the account. Everything is decided again (`maySee`); besides, the row of this showing was attested
 * with their fresh code, and its entry is signed. Each row opens once.
 */
export const reveal: Handler<'reveal'> = async ({ context, entitle, args }) => {
  const present = await whoIsPresent(context, args.presence)
  if (!present.ok) return present
  const row = await context.facts.read('reveal', args.reveal)
  if (!row.ok) return row
  const r = row.value.content
  if (r.person_id !== present.value.person) return notYours()
  const seen = await maySee(context, entitle, {
    ...{ person: present.value.person, grant: String(r.grant_id), shownAt: present.value.at },
  })
  if (!seen.ok) return seen
  const { grant, account } = seen.value
  if (grant.account_id !== r.account_id) return notYours()
  const version = await context.vault.find({ kind: 'account', id: String(account.id), what: String(r.credential) }, 'current')
  if (!version || version.version !== r.version)
    return refuse('keeper.stale', 'The credential was replaced meanwhile. Ask again with a new code.')
  if (!context.showings.take(args.reveal, new Date(String(r.at))))
    return refuse('access.shown_already', 'This was shown already, or is too old. Ask again with a new code.')
  const opened = await context.vault.open(version)
  if (!opened.ok) return opened
  return ok({
    credential: r.credential as CredentialKind,
    version: version.version,
    ...shownOf(version.public),
    endsAt: new Date(String(grant.ends_at)).toISOString(),
    payload: opened.value.secret,
  })
}

const notYours = () => refuse('release.not_yours', 'This is shown to the person who holds the account, and to nobody else.')
