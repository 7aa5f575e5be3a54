import type { CredentialKind } from '../../kernel/credential-kinds.ts'
import { ok } from '../../kernel/result.ts'
import { marksOf } from '../passwords/marks.ts'
import { putMarks, unmarked } from '../vault/mark.store.ts'
import { countFindings, pageOfFindings } from '../vault/report.store.ts'
import type { Handler } from './handler.ts'

const dayMs = 86_400_000

/** What is to be said of credentials, from what is kept beside them: no credential is opened for it. */
export const credentialReport: Handler<'credentialReport'> = async ({ context, args }) => {
  const { find, days, within, after, limit } = args
  const now = context.now().getTime()
  const before = { oldBefore: new Date(now - days * dayMs), expiringBefore: new Date(now + within * dayMs) }
  const counts = await countFindings(context.pool, before)
  const rows = find ? await pageOfFindings(context.pool, find, { ...before, after: after ?? undefined, limit }) : []
  return ok({
    counts,
    rows: rows.map(({ made_at, same_as, expires_at, credential, ...row }) => ({
      ...row,
      credential: credential as CredentialKind,
      madeAt: made_at.toISOString(),
      sameAs: same_as,
      expiresAt: expires_at?.toISOString() ?? null,
    })),
  })
}

/** Makes the marks that versions of an older installation lack: each is opened once, in here, and looked at. */
export const markVersions: Handler<'markVersions'> = async ({ context, args }) => {
  const { after } = args
  const rows = await unmarked(context.pool, { owner_id: after.account, what: after.credential, version: after.version }, args.limit)
  let marked = 0
  for (const row of rows) {
    const opened = await context.vault.open(row)
    if (!opened.ok) continue
    const marks = await opened.value.secret.use('recognise', (bytes) => marksOf(context.keys, row.what, bytes, row.public))
    await putMarks(context.pool, row, marks)
    marked += 1
  }
  const last = rows.at(-1)
  return ok({
    marked,
    last: last && rows.length === args.limit ? { account: last.owner_id, credential: last.what, version: last.version } : null,
  })
}
