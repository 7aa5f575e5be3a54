import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import { sshRotationId, sshTrustOf, versionsIn } from '../facts/ssh-rotation.ts'
import { refuse } from '../refuse.ts'
import { sshAuthorityOwner } from '../vault/ssh-authority.ts'
import { lastVersion } from '../vault/vault.store.ts'
import { changed, isAdministrator, no, onlyChanges, type Rule } from './rule.ts'

interface LeftOut {
  target?: unknown
  reason?: unknown
  by?: unknown
}
const leftOutIn = (row: FactContent): LeftOut[] => (Array.isArray(row.left_out) ? (row.left_out as LeftOut[]) : [])

/**
 * The SSH authority is replaced in an order that locks nobody out: the new key signs only when each host that trusts the old one was seen to let in by the
 * new one as well, and the old one is destroyed only when each was seen to refuse it. Who leaves a host out is a security officer, with a reason.
 */
export const sshRotation: Rule = async (c) => {
  const { after, before, actor, role, context } = c
  if (role !== 'api' || after.id !== sshRotationId) return no('There is one rotation of the SSH authority.', 'Look at claviger ssh-ca.')
  if (!before || (before.step === 'done' && after.step === 'telling')) {
    if (!isAdministrator(actor) || actor.by !== 'stepUp' || after.begun_by !== actor.person)
      return no('Administrators replace the SSH authority, with a fresh code.', 'Ask one.')
    const { current } = versionsIn(before)
    const next = (await lastVersion(context.pool, sshAuthorityOwner)) + 1
    return after.step === 'telling' && after.old_version === current && after.new_version === next && leftOutIn(after).length === 0
      ? ok(undefined)
      : no('A rotation begins with telling the hosts of the next version.', 'Begin it again: claviger ssh-ca rotate.')
  }
  if (onlyChanges(c, 'left_out') && before.step !== 'done') return leavesOut(c)
  if (!onlyChanges(c, 'step') || changed(c).length !== 1 || actor.by !== 'system')
    return no('A rotation goes on by itself.', 'Look at claviger ssh-ca.')
  const fresh = Number(before.new_version)
  const now = `${before.step} ${after.step}`
  if (now === 'telling signing')
    return await eachHost(context, before, (versions) => versions.includes(fresh), 'was not seen to let in by the new key')
  if (now === 'signing done')
    return await eachHost(context, before, (versions) => versions.join() === `${fresh}`, 'was not seen to refuse the old key')
  return no('A rotation goes from telling to signing to done.', 'Look at claviger ssh-ca.')
}

/** One host more, by an officer in their own name. */
function leavesOut({ after, before, actor, context }: Parameters<Rule>[0]): Result<void, KeeperRefusal> {
  if (actor.by !== 'stepUp' || !actor.groups.includes('security'))
    return no('Security officers leave a host out of the rotation, with a fresh code.', 'Ask one.')
  const then = before ? leftOutIn(before) : []
  const now = leftOutIn(after)
  const last = now.at(-1)
  const reason = String(last?.reason ?? '')
  const fits =
    now.length === then.length + 1 &&
    now.length <= 1000 &&
    JSON.stringify(now.slice(0, -1)) === JSON.stringify(then) &&
    last?.by === actor.person &&
    reason.trim().length >= 3 &&
    reason.length <= 500 &&
    !then.some(({ target }) => target === last.target) &&
    context.notary.head('ssh_trust', sshTrustOf(String(last.target))) !== undefined
  return fits ? ok(undefined) : no('One host is left out at a time, with a reason.', 'Name one that trusts the authority.')
}

/** Every host that the ledger knows of, whatever the database leaves of them. */
async function eachHost(
  { facts, notary }: KeeperContext,
  row: FactContent,
  fits: (versions: readonly number[]) => boolean,
  what: string,
): Promise<Result<void, KeeperRefusal>> {
  const known = await facts.readAll('ssh_trust', notary.idsOf('ssh_trust'))
  if (!known.ok) return known
  const leftOut = new Set(leftOutIn(row).map(({ target }) => String(target)))
  const waits = known.value.find(
    ({ content: { state, target_id: target, versions } }) =>
      state === 'trusts' && !leftOut.has(String(target)) && !fits(versions as number[]),
  )
  return waits
    ? refuse('vault.hosts_wait', `${waits.content.target_id} ${what}. The rotation waits for it, or for an officer who leaves it out.`, {
        id: String(waits.content.target_id),
      })
    : ok(undefined)
}
