import type { Keeper } from '../../keeper/client.ts'
import type { EntryId, PersonId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import type { Kinds } from '../inventory/index.ts'
import type { VaultError } from './errors.ts'
import { sshDistrusted, sshDistrusting, sshTrusted, sshTrustFailed, sshTrusting } from './events.ts'
import { asManager, type OpenHost, openHost } from './open-host.ts'
import { reachedByCertificate, readTrust, removeTrust, writeTrust } from './ssh-authority.store.ts'

export interface TrustDeps {
  db: Db
  keeper: Keeper
  audit: Audit
  kinds: Pick<Kinds, 'open'>
  now: () => Date
}

/** The public keys that a host is to trust: of what signs, and of what will. */
export async function linesToTrust(keeper: Keeper): Promise<Result<string[], VaultError>> {
  const authority = await keeper.ask('sshAuthority', {})
  if (!authority.ok) return authority
  return ok(authority.value.versions.filter((v) => v.state !== 'previous').map((v) => v.line))
}

/**
 * Has a host trust the SSH authority, unless somebody did that by hand, and sees it with a login by a fresh certificate. A host on which that login is
 * refused is put back as it was before the first time.
 */
export async function trustAuthority(
  deps: TrustDeps,
  by: PersonId,
  target: TargetId,
  { byHand }: { byHand: boolean },
): Promise<Result<void, VaultError>> {
  const { audit, keeper, db, now } = deps
  const host = await openHost(deps, target)
  if (!host.ok) return host
  const lines = await linesToTrust(keeper)
  if (!lines.ok) return lines
  const begun = sshTrusting({ target, byHand })
  return await audit.look({ begun, cutShort: sshTrustFailed({ target, code: 'vault.cut_short' }), by }, async (intent) => {
    const laid = byHand ? ok(undefined) : await layDown(deps, host.value, lines.value, intent)
    const seen = laid.ok ? await logIn(keeper, host.value, intent) : laid
    const known = await readTrust(db, target)
    if (laid.ok && !seen.ok && !byHand && !known) await takeBack(deps, host.value, intent)
    if (!seen.ok) {
      await audit.note(sshTrustFailed({ target, code: seen.error.code }), by, { phase: 'outcome', intent })
      return seen
    }
    return await audit.act<void, VaultError>({ act: 'vault.ssh_trust', by, about: { target } }, async ({ tx, record }) => {
      await writeTrust(tx, target, { authority: seen.value, by_hand: byHand, seen_at: now() })
      await record(sshTrusted({ target, authority: seen.value, byHand }), [], { phase: 'outcome', intent })
      return ok(undefined)
    })
  })
}

/** Takes the trust from a host again, by the account that manages it. */
export async function distrustAuthority(deps: TrustDeps, by: PersonId, target: TargetId): Promise<Result<void, VaultError>> {
  const { audit, db } = deps
  const host = await openHost(deps, target)
  if (!host.ok) return host
  const still = await db.transaction().execute((tx) => reachedByCertificate(tx, target))
  if (still.length > 0) return fail({ code: 'vault.reached_by_certificate', target: host.value.name, accounts: still })
  const begun = sshDistrusting({ target })
  return await audit.look({ begun, cutShort: sshTrustFailed({ target, code: 'vault.cut_short' }), by }, async (intent) => {
    const gone = await takeBack(deps, host.value, intent)
    if (!gone.ok) {
      await audit.note(sshTrustFailed({ target, code: gone.error.code }), by, { phase: 'outcome', intent })
      return gone
    }
    return await audit.act<void, VaultError>({ act: 'vault.ssh_distrust', by, about: { target } }, async ({ tx, record }) => {
      await removeTrust(tx, target)
      await record(sshDistrusted({ target }), [], { phase: 'outcome', intent })
      return ok(undefined)
    })
  })
}

const layDown = ({ keeper }: TrustDeps, { id, identity, authority }: OpenHost, lines: string[], intent: EntryId) =>
  asManager(keeper, id, intent, (as) => authority.trust(identity, as, { lines, target: id }))

const takeBack = ({ keeper }: TrustDeps, { id, identity, authority }: OpenHost, intent: EntryId) =>
  asManager(keeper, id, intent, (as) => authority.distrust(identity, as, { target: id }))

/** Answers the version of the authority whose certificate opened. */
async function logIn(keeper: Keeper, { id, identity, target }: OpenHost, intent: EntryId): Promise<Result<number, VaultError>> {
  const trial = await keeper.ask('trialCertificate', { target: id, intent })
  if (!trial.ok) return trial
  const { account, certificate, version, payload } = trial.value
  const secret = payload ?? new Secret(new Uint8Array())
  try {
    const opened = await target.verify(identity, { account, credential: { kind: 'ssh-key', secret, certificate } })
    return opened.ok ? ok(version) : fail({ code: 'vault.not_trusted', target: id, why: opened.error.code })
  } finally {
    secret.wipe()
  }
}
