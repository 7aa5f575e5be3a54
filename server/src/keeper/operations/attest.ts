import { ok } from '../../kernel/result.ts'
import { actorOf } from '../authority/actors.ts'
import { rules } from '../authority/rules.ts'
import { viewOver } from '../decide/view.ts'
import { contentOf, type FactContent } from '../facts/fact.ts'
import { factColumns } from '../facts/tables.ts'
import { rowsDigest } from '../people/act-digest.ts'
import { refuse } from '../refuse.ts'
import type { Handler } from './handler.ts'

/** Attests the rows of one act, all or none, when for each the rule of its kind says yes. */
export const attest: Handler<'attest'> = async ({ context, entitle, policies, role, args }) => {
  const batch = args.rows.map((r) => ({ kind: r.kind, revision: r.revision, content: r.content as FactContent }))
  for (const { kind, content } of batch) {
    const columns = Object.keys(content).sort().join()
    if (columns !== Object.keys(contentOf(factColumns[kind], content)).sort().join())
      return refuse('keeper.malformed', `A ${kind} has other columns than ${columns}.`)
  }
  // each rule sees the rest of the act as it will be: two versions of one row, or two grants of one request, would each see only one
  const once = batch.flatMap(({ kind, content }) => [
    `${kind}/${content.id}`,
    ...(kind === 'access_grant' ? [`grant of ${content.request_id}`] : []),
  ])
  if (new Set(once).size < once.length) return refuse('keeper.malformed', 'One act changes each row once, and grants a request once.')
  const actor = await actorOf(context, args.authority, rowsDigest(batch, context.now()))
  if (!actor.ok) return actor
  const view = viewOver(context.facts, batch)
  for (const { kind, content, revision } of batch) {
    const before = await view.before(kind, String(content.id))
    if (!before.ok) return before
    if (revision !== (before.value?.revision ?? 0) + 1)
      return refuse('keeper.stale', `The ${kind} ${content.id} was changed by someone else meanwhile. Look again and repeat.`)
    const verdict = await rules[kind]({
      after: content,
      before: before.value?.content,
      actor: actor.value,
      role,
      view,
      batch,
      context,
      entitle,
      policies,
    })
    if (!verdict.ok) return verdict
  }
  if (actor.value.by === 'enrolment') {
    const used = await context.enrolments.use(actor.value.row)
    if (!used.ok) return used
  }
  const attestations = batch.map(({ kind, content, revision }) => context.keys.attest(kind, content, revision))
  const given = actor.value.by === 'stepUp' ? context.presences.give(actor.value) : undefined
  return ok({ attestations, presence: given?.presence ?? null })
}

export const vouch: Handler<'vouch'> = async ({ context, role, args }) => {
  // password verifiers are no business of a gateway
  if (role === 'gateway' && args.rows.some((r) => r.kind === 'factor'))
    return refuse('keeper.not_allowed', 'A gateway may not read factors.')
  const rows: FactContent[] = []
  for (const fact of await Promise.all(args.rows.map(({ kind, id }) => context.facts.read(kind, id)))) {
    if (!fact.ok) return fact
    rows.push(fact.value.content)
  }
  return ok({ rows: rows as Record<string, never>[] })
}
