import { ok } from '../../kernel/result.ts'
import { isPasskeyKey } from '../../platform/crypto/passkey-key.ts'
import { isAdministrator, no, onlyChanges, type Rule } from './rule.ts'

const most = 10
const credential = /^[A-Za-z0-9_-]{16,1364}$/

/** Passkeys: added by their owner, for the name that people open us by, and taken away by them or an administrator, each with a fresh factor. What remains is the authenticator. */
export const passkey: Rule = async (c) => {
  const { actor, after, before, context } = c
  const owner = actor.by === 'stepUp' && actor.person === after.person_id
  if (before) {
    const removes = before.state === 'active' && after.state === 'removed' && onlyChanges(c, 'state')
    return removes && (owner || isAdministrator(actor))
      ? ok(undefined)
      : no('A passkey can only be removed, by its owner or an administrator with a fresh code.', 'Add a new one instead.')
  }
  if (!owner) return no('A passkey is added by its owner with a fresh code.', 'Sign in and add it yourself.')
  const site = context.passkeys.site
  const whole = after.state === 'active' && credential.test(String(after.credential_id))
  if (!whole || after.rp_id !== site?.rpId || !isPasskeyKey(String(after.public_key), String(after.algorithm)))
    return no('This passkey is not for this server.', `Add it at ${site?.origin ?? 'an address with a name'}.`)
  const others = await context.facts.where('passkey', { person_id: String(after.person_id) })
  if (!others.ok) return others
  return others.value.filter((f) => f.content.state === 'active').length < most
    ? ok(undefined)
    : no(`Nobody has more than ${most} passkeys.`, 'Remove one first.')
}
