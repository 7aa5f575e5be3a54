import { ok } from '../../kernel/result.ts'
import { sshTrustOf, sshVersions } from '../facts/ssh-rotation.ts'
import { changed, no, type Rule } from './rule.ts'

/**
 * Which versions of the SSH authority a host was seen to let in by: said by the server that tried it. As long as the row is there, it names all that hosts
 * are to trust now, so that none is recorded as told that was told before the last step of a rotation.
 */
export const sshTrust: Rule = async (c) => {
  const { after, before, actor, role, view, context } = c
  const target = String(after.target_id)
  if (role !== 'api' || actor.by !== 'system' || after.id !== sshTrustOf(target))
    return no('What a host trusts is recorded by the server that tried it.', 'Look again: claviger ssh-ca trust.')
  if (before && changed(c).some((k) => k === 'id' || k === 'target_id')) return no('A host keeps its row.', 'Look again.')
  const host = await view.read('target', target)
  if (!host.ok) return host
  const inForce = await sshVersions(context.facts)
  if (!inForce.ok) return inForce
  const { current, candidate } = inForce.value
  const wanted = after.state === 'gone' ? [] : candidate === undefined ? [current] : [current, candidate]
  if ((after.state !== 'trusts' && after.state !== 'gone') || JSON.stringify(after.versions) !== JSON.stringify(wanted))
    return no('A host trusts what signs, and what will.', 'Have it told again: claviger ssh-ca trust.')
  return ok(undefined)
}
