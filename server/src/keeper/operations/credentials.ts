import type { CredentialKind } from '../../kernel/credential-kinds.ts'
import { ok } from '../../kernel/result.ts'
import type { KeeperContext } from '../context.ts'
import { makePassword } from '../passwords/make-password.ts'
import { ruleOfAccount } from '../passwords/rule-of-account.ts'
import { refuse } from '../refuse.ts'
import { readAbout } from '../vault/about.ts'
import { breakGlass } from '../vault/break-glass.ts'
import { newSshKey } from '../vault/generate.ts'
import { prepareForBreakGlass } from '../vault/prepare-for-break-glass.ts'
import {
  findByRotation,
  findExactly,
  findVersion,
  listVersions,
  promoteVersion,
  retireCandidate,
  rotationSubject,
  type VersionRow,
} from '../vault/vault.store.ts'
import type { Handler } from './handler.ts'
import { intentIsRecorded } from './recorded-intent.ts'

const ofAccount = (account: string, credential: string) => ({ kind: 'account', id: account, what: credential })
const ownerOf = (row: VersionRow) => ({ kind: row.owner_kind, id: row.owner_id, what: row.what })
const credentialOf = (row: VersionRow) => row.what as 'password' | 'ssh-key'

export const storeCredential: Handler<'storeCredential'> = async ({ context, args, payload }) => {
  const account = await context.facts.read('account', args.account)
  if (!account.ok) return account
  const owner = ofAccount(args.account, args.credential)
  if (await findVersion(context.pool, owner, 'current'))
    return refuse('vault.has_credential', 'The vault holds a credential of this account already. Rotate it instead.')
  return ok({ version: await context.vault.put(owner, 'standard', payload, { state: 'current', public: args.public, escrow: true }) })
}

export const passwordRule: Handler<'passwordRule'> = async ({ context, args }) => {
  const account = await context.facts.read('account', args.account)
  if (!account.ok) return account
  const rule = await ruleOfAccount(context, account.value.content, args.limits)
  if (!rule.ok) return rule
  const { length, classes, excluded, bits, policies, exception } = rule.value
  return ok({ length, classes: [...classes], excluded, bits, policies: [...policies], exception })
}

export const prepareRotation: Handler<'prepareRotation'> = async ({ context, args }) => {
  const account = await context.facts.read('account', args.account)
  if (!account.ok) return account
  const owner = ofAccount(args.account, args.credential)
  const { content } = account.value
  if (content.break_glass === true && (content.observed_since ?? null) === null)
    return await prepareForBreakGlass(context, args, owner, content)
  // an unfinished candidate may be what the target has: it is offered again, and another is never made beside it
  const open = (await findByRotation(context.pool, args.rotation)) ?? (await findVersion(context.pool, owner, 'candidate'))
  // of the time when it was for emergencies: nobody here can read it
  if (open?.location === breakGlass) await retireCandidate(context.pool, owner, open.version)
  else if (open) {
    const opened = await context.vault.open(open)
    if (!opened.ok) return opened
    opened.value.secret.wipe()
    return ok({ version: open.version, public: open.public })
  }
  if ((account.value.content.observed_since ?? null) !== null)
    return refuse(
      'rotation.observed',
      'This account is observed: what uses it may not be known, and nothing of it is replaced. Say that it may be: claviger accounts observe --end.',
    )
  if (args.credential === 'password') {
    const rule = await ruleOfAccount(context, account.value.content, args.limits)
    if (!rule.ok) return rule
    const make = () => ({ secret: makePassword(rule.value, [String(account.value.content.name)]), bits: rule.value.bits })
    return ok({ version: await context.vault.putFresh(owner, 'standard', make, { rotation: args.rotation }), public: null })
  }
  const made = newSshKey(`claviger ${args.account}`)
  const version = await context.vault.put(owner, 'standard', made.secret, {
    state: 'candidate',
    public: made.publicLine,
    rotation: args.rotation,
    escrow: true,
  })
  return ok({ version, public: made.publicLine })
}

const candidateOf = async (context: KeeperContext, rotation: string): Promise<VersionRow | undefined> => {
  const known = await findByRotation(context.pool, rotation)
  if (known) return known
  const row = await rotationSubject(context.pool, rotation)
  return row && (await findVersion(context.pool, ofAccount(row.account_id, row.credential), 'candidate'))
}

export const rotationSecret: Handler<'rotationSecret'> = async ({ context, args }) => {
  const recorded = await intentIsRecorded(context, args.intent, 'rotation', args.rotation)
  if (!recorded.ok) return recorded
  const candidate = await candidateOf(context, args.rotation)
  if (!candidate) return refuse('vault.no_candidate', 'This rotation has no candidate. Start it again.')
  // the row of a rotation is not attested, its intent is signed: nobody else's credential leaves for it
  if (recorded.value.fields.account !== candidate.owner_id)
    return refuse('keeper.no_intent', 'This rotation is for another account than its intent says. Start it again.')
  const ours = args.which === 'candidate' && candidate.location === breakGlass
  const kept = ours ? context.candidates.copy(args.rotation, candidate.version) : undefined
  if (kept) {
    const { version, public: line } = candidate
    return ok({ credential: credentialOf(candidate), version, public: line, earlier: false, payload: kept })
  }
  const owner = ownerOf(candidate)
  const exact = args.version === undefined ? undefined : await findExactly(context.pool, owner, args.version)
  const row =
    args.version !== undefined ? exact : args.which === 'candidate' ? candidate : await findVersion(context.pool, owner, args.which)
  if (!row) return refuse('vault.no_credential', `There is no ${args.which} credential.`)
  const opened = await context.vault.open(row)
  if (!opened.ok) return opened
  const { version, public: line, rotation_id } = row
  return ok({ credential: credentialOf(row), version, public: line, earlier: rotation_id !== args.rotation, payload: opened.value.secret })
}

export const managerSecret: Handler<'managerSecret'> = async ({ context, args }) => {
  const recorded = await intentIsRecorded(context, args.intent, 'target', args.target)
  if (!recorded.ok) return recorded
  const target = await context.facts.read('target', args.target)
  if (!target.ok) return target
  const named = target.value.content[args.as]
  if (args.as === 'reconciler' && (named ?? null) === null)
    return refuse('vault.no_reconciler', 'This target has no reconciler. Name one: claviger targets change TARGET --reconciler ACCOUNT.')
  const found = await context.facts.where('account', { target_id: args.target, name: String(named) })
  if (!found.ok) return found
  const [manager] = found.value
  if (!manager) return refuse('vault.no_manager', `The account that is the ${args.as} of this target is not known. Discover it again.`)
  for (const credential of ['tls', 'ssh-key', 'password'] as const) {
    const row = await findVersion(context.pool, ofAccount(String(manager.content.id), credential), 'current')
    if (!row) continue
    const opened = await context.vault.open(row)
    if (!opened.ok) return opened
    const { version, public: line } = row
    return ok({
      ...{ id: String(manager.content.id), account: String(manager.content.name), credential, version, public: line },
      payload: opened.value.secret,
    })
  }
  return refuse(
    'vault.no_credential',
    args.as === 'reconciler'
      ? `The vault has no credential of ${manager.content.name}, the reconciler of this target. Take it over first: claviger rotate.`
      : `The vault has no credential of ${manager.content.name}. Add the target again with one.`,
  )
}

export const verificationSecret: Handler<'verificationSecret'> = async ({ context, args }) => {
  const recorded = await intentIsRecorded(context, args.intent, 'account', args.account)
  if (!recorded.ok) return recorded
  if (recorded.value.act !== 'verification.begun') return refuse('keeper.no_intent', 'This intent is for something else. Start it again.')
  const owner = ofAccount(args.account, args.credential)
  const row = await context.vault.find(owner, 'current')
  // the drill shows that what custodians open logs in; what they opened for an emergency goes to gateways alone
  const rehearsed =
    row?.location === breakGlass ? context.openedForActivation.forDrill(args.account, args.credential, row.version) : undefined
  if (row && rehearsed) return ok({ version: row.version, public: row.public, payload: rehearsed })
  const opened = await context.vault.openState(owner, 'current')
  return opened.ok ? ok({ version: opened.value.version, public: opened.value.public, payload: opened.value.secret }) : opened
}

export const promote: Handler<'promote'> = async ({ context, args }) => {
  const candidate = await candidateOf(context, args.rotation)
  if (!candidate) return refuse('vault.no_candidate', 'This rotation has no candidate. Start it again.')
  await promoteVersion(context.pool, ownerOf(candidate), candidate.version)
  context.sealedVersions.forget(candidate.owner_id)
  context.candidates.drop(args.rotation)
  return ok({ version: candidate.version })
}

export const abandon: Handler<'abandon'> = async ({ context, args }) => {
  const candidate = await candidateOf(context, args.rotation)
  context.candidates.drop(args.rotation)
  if (candidate?.state === 'candidate') await retireCandidate(context.pool, ownerOf(candidate), candidate.version)
  return ok({ done: true as const })
}

export const versions: Handler<'versions'> = async ({ context, args }) => {
  const rows = await listVersions(context.pool, args.accounts)
  return ok({
    versions: rows.map((r) => ({
      account: r.owner_id,
      credential: r.what as CredentialKind,
      version: r.version,
      state: r.state,
      at: r.created_at.toISOString(),
      about: readAbout(r.public) ?? null,
      expiresAt: r.expires_at?.toISOString() ?? null,
      breakGlass: r.location === breakGlass,
    })),
  })
}
