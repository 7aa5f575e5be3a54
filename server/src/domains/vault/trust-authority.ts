import type { Keeper } from '../../keeper/client.ts'
import type { AnswerOf } from '../../keeper/contract.ts'
import type { EntryId, PersonId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import type { Kinds } from '../inventory/index.ts'
import type { VaultError } from './errors.ts'
import { sshDistrusted, sshDistrusting, sshTrusted, sshTrustFailed, sshTrusting } from './events.ts'
import { asManager, type OpenHost, openHost } from './open-host.ts'
import { recordTrust } from './record-trust.ts'
import { reachedByCertificate, readTrust } from './ssh-authority.store.ts'

export interface TrustDeps {
  db: Db
  keeper: Keeper
  audit: Audit
  kinds: Pick<Kinds, 'open'>
  now: () => Date
}

type Versions = AnswerOf<'sshAuthority'>['versions']

/** The public keys that a host is to trust: of what signs, and of what will. */
export async function linesToTrust(keeper: Keeper): Promise<Result<string[], VaultError>> {
  const authority = await keeper.ask('sshAuthority', {})
  return authority.ok ? ok(trusted(authority.value.versions).map((v) => v.line)) : authority
}
const trusted = (versions: Versions) => versions.filter((v) => v.state !== 'previous')

/**
 * Has a host trust the SSH authority, unless somebody did that by hand, and sees it with a login by a fresh certificate of each version that it is to
 * trust; while an old one is taken away, also that it lets in by that no more. A host on which the first such login is refused is put back as it was.
 */
export async function trustAuthority(
  deps: TrustDeps,
  by: PersonId | null,
  target: TargetId,
  { byHand }: { byHand: boolean },
): Promise<Result<void, VaultError>> {
  const { audit, keeper, db } = deps
  const host = await openHost(deps, target)
  if (!host.ok) return host
  const authority = await keeper.ask('sshAuthority', {})
  if (!authority.ok) return authority
  const { versions } = authority.value
  const begun = sshTrusting({ target, byHand })
  return await audit.look({ begun, cutShort: sshTrustFailed({ target, code: 'vault.cut_short' }), by }, async (intent) => {
    const lines = trusted(versions).map((v) => v.line)
    const laid = byHand ? ok(undefined) : await layDown(deps, host.value, lines, intent)
    const seen = laid.ok ? await logsIn(keeper, host.value, intent, versions) : laid
    if (laid.ok && !seen.ok && !byHand && !(await readTrust(db, target))) await takeBack(deps, host.value, intent)
    if (!seen.ok) {
      await audit.note(sshTrustFailed({ target, code: seen.error.code }), by, { phase: 'outcome', intent })
      return seen
    }
    return await audit.act<void, VaultError>({ act: 'vault.ssh_trust', by, about: { target } }, async (act) => {
      const recorded = await recordTrust(deps, act.tx, target, { versions: seen.value, byHand, state: 'trusts' })
      if (!recorded.ok) return recorded
      const event = sshTrusted({ target, authority: Math.max(...seen.value), versions: seen.value.map(String), byHand })
      await act.record(event, recorded.value, { phase: 'outcome', intent })
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
      const known = await readTrust(tx, target)
      const recorded = known ? await recordTrust(deps, tx, target, { versions: [], byHand: known.by_hand, state: 'gone' }) : ok([])
      if (!recorded.ok) return recorded
      await record(sshDistrusted({ target }), recorded.value, { phase: 'outcome', intent })
      return ok(undefined)
    })
  })
}

const layDown = ({ keeper }: TrustDeps, { id, identity, authority }: OpenHost, lines: string[], intent: EntryId) =>
  asManager(keeper, id, intent, (as) => authority.trust(identity, as, { lines, target: id }))

const takeBack = ({ keeper }: TrustDeps, { id, identity, authority }: OpenHost, intent: EntryId) =>
  asManager(keeper, id, intent, (as) => authority.distrust(identity, as, { target: id }))

/** Tries each version that is there. Answers those by which the host let in: all that it is to trust. */
async function logsIn(keeper: Keeper, host: OpenHost, intent: EntryId, versions: Versions): Promise<Result<number[], VaultError>> {
  const { id, name } = host
  const letIn: number[] = []
  for (const { version, state } of versions) {
    const opened = await logIn(keeper, host, intent, version)
    if (state === 'previous') {
      if (opened.ok) return fail({ code: 'vault.trusts_old_key', target: name, version })
      // nothing but a refusal says that it is trusted no more
      if (opened.error.code !== 'target.login_refused') return fail({ code: 'vault.not_trusted', target: id, why: opened.error.code })
    } else if (opened.ok) letIn.push(version)
    else return fail({ code: 'vault.not_trusted', target: id, why: opened.error.code })
  }
  return ok(letIn.sort((a, b) => a - b))
}

async function logIn(
  keeper: Keeper,
  { id, identity, target }: OpenHost,
  intent: EntryId,
  version: number,
): Promise<Result<void, { code: string }>> {
  const trial = await keeper.ask('trialCertificate', { target: id, intent, version })
  if (!trial.ok) return trial
  const { account, certificate, payload } = trial.value
  const secret = payload ?? new Secret(new Uint8Array())
  try {
    return await target.verify(identity, { account, credential: { kind: 'ssh-key', secret, certificate } })
  } finally {
    secret.wipe()
  }
}
