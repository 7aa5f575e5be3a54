import { credentialKinds } from '../../kernel/credential-kinds.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal } from '../contract.ts'
import { destructionOf, isIn, newIn, rangesIn } from '../facts/destruction.ts'
import { refuse } from '../refuse.ts'
import { type KeptVersion, keptVersions } from '../vault/destroy.store.ts'
import { changed, no, type Rule } from './rule.ts'

/** Newer versions than these do not fall to the policy, and nobody asks for more at once. */
const mostAtOnce = 10_000

/**
 * Which versions of an account's credentials are destroyed: more and more, never fewer. Only what was replaced long since: below the current version,
 * while nothing is being replaced and nobody looks for which one works. By a security officer with a fresh code, or by what the policy of versions says.
 */
export const destruction: Rule = async (c) => {
  const { after, before, view, context, role } = c
  const account = String(after.account_id)
  if (role !== 'api' || after.id !== destructionOf(account)) return no('An account has one row of destroyed versions.', 'Look again.')
  if (before && changed(c).some((k) => k !== 'gone')) return no('Destroyed versions stay those of their account.', 'Look again.')
  const row = await view.read('account', account)
  if (!row.ok) return row
  if (row.value.content.state === 'held')
    return refuse(
      'vault.held',
      'This account is held: which of its credentials works is not known, so none is destroyed. Release it first.',
    )
  if (Object.keys(after.gone as object).some((what) => !(credentialKinds as readonly string[]).includes(what)))
    return no('Only versions of credentials are destroyed.', 'Look again.')
  const allowed = await allowance(c)
  if (!allowed.ok) return allowed
  let count = 0
  for (const what of credentialKinds) {
    const [then, now] = [rangesIn(before, what), rangesIn(after, what)]
    if (then.some(([from, to]) => !isIn(now, from) || !isIn(now, to))) return no('What is destroyed stays so.', 'Look again.')
    const fresh = newIn(now, then)
    count += fresh.length
    if (count > mostAtOnce) return no('That is too much at once.', 'Destroy fewer versions.')
    const may = await replacedLongSince(context, account, what, fresh, allowed.value)
    if (!may.ok) return may
  }
  return count > 0 ? ok(undefined) : no('Nothing would be destroyed.', 'Name a version that was replaced.')
}

/** Which of the versions that were replaced this actor may destroy. */
type May = (version: KeptVersion) => boolean

async function allowance(c: Parameters<Rule>[0]): Promise<Result<May, KeeperRefusal>> {
  const { actor, context } = c
  if (actor.by === 'stepUp' && actor.groups.includes('security')) return ok(() => true)
  if (actor.by !== 'system') return no('Versions are destroyed by security officers with a fresh code, or by policy.', 'Ask one.')
  const policy = await context.versionPolicy()
  if (!policy.ok) return policy
  if (!policy.value) return no('No policy says that versions are destroyed.', 'Ask a security officer.')
  const { keep, days } = policy.value
  const before = context.now().getTime() - days * 86_400_000
  return ok((v) => v.newerKept >= keep && v.replacedAt !== null && v.replacedAt.getTime() <= before)
}

async function replacedLongSince(
  context: KeeperContext,
  account: string,
  what: string,
  versions: readonly number[],
  may: May,
): Promise<Result<void, KeeperRefusal>> {
  if (versions.length === 0) return ok(undefined)
  const { current, candidate, previous } = await keptVersions(context.pool, account, what)
  if (candidate !== null)
    return refuse('vault.being_replaced', `The ${what} of this account is being replaced. Wait until that is done, and destroy then.`)
  const known = new Map(previous.map((v) => [v.version, v]))
  const wrong = versions.find((v) => current === null || v >= current || !known.has(v))
  if (wrong !== undefined)
    return refuse(
      'vault.not_replaced',
      `Version ${wrong} of the ${what} is none that was replaced: the current one, a candidate and what is not there are never destroyed.`,
    )
  return versions.every((v) => may(known.get(v) as KeptVersion))
    ? ok(undefined)
    : no('The policy of versions keeps some of these.', 'Ask a security officer.')
}
