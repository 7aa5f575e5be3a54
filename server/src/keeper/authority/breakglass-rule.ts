import { ok } from '../../kernel/result.ts'
import { isRecipient } from '../../platform/crypto/age.ts'
import { fipsInForce } from '../../platform/crypto/fips.ts'
import { isAdministrator, no, onlyChanges, type Rule } from './rule.ts'

/**
 * The key of the break-glass location. Who could put another one there would be handed every credential for emergencies with its next rotation:
 * so an administrator brings it and an officer, another person, says that it is the one whose shares the custodians got.
 */
export const breakglassKey: Rule = async (c) => {
  const { actor, after, before, batch } = c
  const isOfficer = actor.by === 'stepUp' && actor.groups.includes('security')
  if (!before) {
    if (fipsInForce())
      return no(
        'The break-glass location is made of age, which the FIPS profile of this server does not use.',
        'No account is for emergencies here.',
      )
    if (!isAdministrator(actor) || actor.by !== 'stepUp')
      return no('The key for break-glass is brought by an administrator with a fresh code.', 'Ask one.')
    if (after.state !== 'proposed' || after.introduced_by !== actor.person)
      return no('A new key waits for an officer.', 'Propose it first.')
    return wellFormed(after) ?? ok(undefined)
  }
  if (!onlyChanges(c, 'state')) return no('A key for break-glass keeps its public half and its custodians.', 'Make another one.')
  if (before.state === 'proposed' && after.state === 'active')
    return isOfficer && actor.by === 'stepUp' && actor.person !== before.introduced_by
      ? ok(undefined)
      : no('A key for break-glass is confirmed by a security officer with a fresh code, who did not bring it.', 'Ask another one.')
  if (before.state === 'proposed' && after.state === 'dropped' && (isOfficer || isAdministrator(actor))) return ok(undefined)
  const successor = batch.some((f) => f.kind === 'breakglass_key' && f.content.state === 'active' && f.content.id !== after.id)
  if (before.state === 'active' && after.state === 'replaced' && isOfficer && successor) return ok(undefined)
  return no(
    'A key for break-glass goes from proposed to active to replaced, by an officer with a fresh code.',
    'Look at claviger breakglass.',
  )
}

interface Named {
  name?: unknown
  key?: unknown
  share?: unknown
}

function wellFormed({ recipient, threshold, custodians }: Parameters<Rule>[0]['after']) {
  const named = Array.isArray(custodians) ? (custodians as Named[]) : []
  const keys = named.map((one) => String(one.key))
  if (named.length < 2 || named.length > 16 || Number(threshold) < 2 || Number(threshold) > named.length)
    return no('A key for break-glass is split among 2 to 16 custodians, of whom at least two open it.', 'Name other numbers.')
  if (!isRecipient(String(recipient)) || keys.includes(String(recipient)) || !keys.every(isRecipient))
    return no('One of the public keys is none.', 'They begin with age1.')
  if (new Set(keys).size < keys.length || new Set(named.map((one) => one.name)).size < named.length)
    return no('Two custodians are the same.', 'Each gets one share.')
  return named.every((one) => String(one.share).startsWith('-----BEGIN AGE ENCRYPTED FILE-----'))
    ? undefined
    : no('Each share is encrypted to its custodian.', 'Use claviger breakglass init.')
}
