import { credentialKinds, isLoginKind } from '../../kernel/credential-kinds.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import { holdingOf } from '../facts/holding.ts'
import { isKeptByHand } from '../facts/kept-by-hand.ts'
import { refuse } from '../refuse.ts'
import { changed, no, onlyChanges, type Rule } from './rule.ts'

type Versions = { readonly [credential: string]: number }

/**
 * Who holds an account: free → held, by the exclusive grant that begins in the same act; held → returned, when that grant is over, with the
 * newest versions that its holder can know; returned → free, when the vault has newer ones of all of these.
 */
export const holding: Rule = async (c) => {
  const { after, before, batch, view, context, role } = c
  if (role !== 'api') return no('Accounts are given out and taken back by the server.', 'Check it out: claviger check-out.')
  if (after.id !== holdingOf(String(after.account_id))) return no('An account has one holding.', 'Check the account out again.')
  if (before && changed(c).some((k) => k === 'id' || k === 'account_id'))
    return no('A holding keeps its account.', 'Check the account out again.')
  const seen = after.seen as Versions

  if (after.state === 'held') {
    if (before && before.state !== 'free')
      return refuse('access.held', 'Somebody else holds this account, or its credential is still being replaced. Wait for your turn.')
    const begins = batch.find((f) => f.kind === 'access_grant' && f.content.id === after.grant_id)?.content
    const fits = begins && begins.account_id === after.account_id && begins.exclusive === true && begins.state === 'active'
    return fits && Object.keys(seen).length === 0
      ? ok(undefined)
      : no('An account is held by a grant that begins now.', 'Check it out again.')
  }
  if (after.state === 'returned') {
    if (before?.state !== 'held' || !onlyChanges(c, 'state', 'seen')) return no('What is returned was held.', 'Look at the account again.')
    const grant = await view.read('access_grant', String(after.grant_id))
    if (!grant.ok) return grant
    if (grant.value.content.state === 'active') return no('The grant that holds this account still runs.', 'End it first.')
    const current = await currentVersions(context, String(after.account_id))
    return Object.entries(current).every(([what, version]) => (seen[what] ?? 0) >= version)
      ? ok(undefined)
      : refuse('keeper.stale', 'The credential was replaced meanwhile. Look again and repeat.')
  }
  if (after.state !== 'free' || before?.state !== 'returned' || !onlyChanges(c, 'state'))
    return no('A holding is held, then returned, then free.', 'Look at the account again.')
  // what is replaced by hand would keep everybody out until somebody does: that its holder knows it is in the report (shared)
  const byHand = await isKeptByHand(view, String(after.account_id))
  if (!byHand.ok) return byHand
  return byHand.value ? ok(undefined) : await newerThan(context, String(after.account_id), before.seen as Versions)
}

async function currentVersions({ vault }: KeeperContext, account: string): Promise<Versions> {
  const found: Record<string, number> = {}
  for (const what of credentialKinds) {
    const row = await vault.find({ kind: 'account', id: account, what }, 'current')
    if (row) found[what] = row.version
  }
  return found
}

async function newerThan(context: KeeperContext, account: string, seen: Versions): Promise<Result<void, KeeperRefusal>> {
  const current = await currentVersions(context, account)
  // a certificate is replaced by a person alone, as everything is where nobody manages the target
  const still = Object.entries(seen).find(([what, version]) => isLoginKind(what) && (current[what] ?? 0) <= version)
  return still
    ? refuse('access.not_rotated', `The ${still[0]} that the last holder knows was not replaced yet. Rotate the account: claviger rotate.`)
    : ok(undefined)
}

/** The grant that begins takes the account in the same act, when it excludes others; when it does not, nobody may hold it. */
export async function takesItsAccount(c: Parameters<Rule>[0], exclusive: boolean): Promise<Result<void, KeeperRefusal>> {
  const { after, batch, view, context } = c
  const id = holdingOf(String(after.account_id))
  const running = await context.facts.where('access_grant', { account_id: String(after.account_id), state: 'active' })
  if (!running.ok) return running
  const ends = (grant: FactContent) =>
    batch.some((f) => f.kind === 'access_grant' && f.content.id === grant.id && f.content.state !== 'active')
  const others = running.value.map((f) => f.content).filter((g) => g.id !== after.id && g.state === 'active' && !ends(g))
  if (others.some((g) => exclusive || g.exclusive === true))
    return refuse('access.held', 'Somebody else has a grant on this account, and it is for one person at a time. Wait for your turn.')
  if (exclusive) {
    const taken = batch.find((f) => f.kind === 'holding' && f.content.id === id)?.content
    return taken?.state === 'held' && taken.grant_id === after.id
      ? ok(undefined)
      : no('An exclusive grant holds its account.', 'Check it out again.')
  }
  const held = await view.before('holding', id)
  if (!held.ok) return held
  const free = held.value === undefined || held.value.content.state === 'free'
  const takenNow = batch.some((f) => f.kind === 'holding' && f.content.id === id && f.content.state === 'held')
  return free && !takenNow
    ? ok(undefined)
    : refuse('access.held', 'Somebody else holds this account, or its credential is still being replaced. Wait for your turn.')
}
