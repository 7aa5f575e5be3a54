import { largestCredential } from '../../kernel/credential-kinds.ts'
import { ok } from '../../kernel/result.ts'
import { whoIsPresent } from '../people/who-is-present.ts'
import { refuse } from '../refuse.ts'
import { findVersion, promoteVersion, retireCandidate } from '../vault/vault.store.ts'
import type { Handler } from './handler.ts'

/**
 * Takes a credential that a person brought. Its row was attested with their fresh code, and names account, kind and version; each row is taken
 * once. It is a candidate, in the escrow as well, for the moment until it is current: what a crash leaves between the two becomes current
 * at the next start (`promoteKept`).
 */
export const deposit: Handler<'deposit'> = async ({ context, args, payload }) => {
  const present = await whoIsPresent(context, args.presence)
  if (!present.ok) return present
  const row = await context.facts.read('deposit', args.deposit)
  if (!row.ok) return row
  const { person_id, account_id, credential, version, at } = row.value.content
  if (person_id !== present.value.person) return refuse('vault.not_yours', 'Somebody else brings this in.')
  const account = await context.facts.read('account', String(account_id))
  if (!account.ok) return account
  if (account.value.content.break_glass === true)
    return refuse('keeper.not_authorised', 'This account is for emergencies since. Bring it in for another account.')
  const size = await payload.lend('seal', (bytes) => bytes.length)
  if (size === 0 || size > largestCredential)
    return refuse('vault.too_large', `A credential has ${largestCredential} bytes at most, and one at least.`)
  if (!context.showings.take(args.deposit, new Date(String(at))))
    return refuse('vault.taken_already', 'This was brought in already, or is too old. Do it again with a new code.')
  const owner = { kind: 'account', id: String(account_id), what: String(credential) }
  const left = await findVersion(context.pool, owner, 'candidate')
  if (left) await retireCandidate(context.pool, owner, left.version)
  const made = await context.vault.put(owner, 'standard', payload, { state: 'candidate', public: args.public, escrow: true })
  if (made !== version) {
    await retireCandidate(context.pool, owner, made)
    return refuse('keeper.stale', 'Somebody else brought in a version of this meanwhile. Look at the account, and do it again.')
  }
  await promoteVersion(context.pool, owner, made)
  context.sealedVersions.forget(owner.id)
  return ok({ version: made })
}
