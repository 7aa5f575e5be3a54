import { combine } from 'shamir-secret-sharing'
import { z } from 'zod'
import type { EntryId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { decryptWith } from '../../platform/crypto/age.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal } from '../contract.ts'
import { areTwo } from '../decide/activation.ts'
import { viewOver } from '../decide/view.ts'
import { activationSigned } from '../facts/activation.ts'
import type { FactContent } from '../facts/fact.ts'
import { refuse } from '../refuse.ts'
import { saidOf } from '../vault/activation-acts.ts'
import type { GivenShare } from '../vault/activation-doors.ts'
import { type BreakGlassKey, breakGlass, breakGlassKey, unboxed } from '../vault/break-glass.ts'
import type { OpenedVersion } from '../vault/opened-for-activation.ts'
import { breakGlassVersions } from '../vault/vault.store.ts'
import type { Handler } from './handler.ts'

export const activationDoor: Handler<'activationDoor'> = async ({ context, args }) => {
  const ready = await mayBeOpened(context, args.activation)
  if (!ready.ok) return ready
  const { activation: a, key } = ready.value
  const named = await namesOf(context, a)
  if (!named.ok) return named
  const statement = JSON.stringify({
    format: 'claviger-activation/1',
    ...{ activation: a.id, kind: a.kind, key: key.recipient, recipient: await context.activationDoors.recipient(String(a.id)) },
    ...{ ...named.value, reason: a.reason, seconds: a.seconds, log: context.identity.log },
  })
  const signature = context.identity.signer.sign(Buffer.from(`${activationSigned}${statement}`)).toString('base64')
  const custodians = key.custodians.map(({ name, share }) => ({ name, share }))
  return ok({ statement, signature, custodians, ...progress(context, a, key) })
}

/** What a custodian opened on their own machine, and encrypted to the door. */
const givenShare = z.strictObject({
  format: z.literal('claviger-activation-share/1'),
  activation: z.string().max(20),
  share: z.strictObject({
    format: z.literal('claviger-breakglass-share/1'),
    key: z.string().max(3100),
    number: z.int().min(1).max(16),
    threshold: z.int().min(2).max(16),
    ledger: z.string().max(500),
    share: z.base64().max(8000),
  }),
})

export const giveActivationShare: Handler<'giveActivationShare'> = async ({ context, args }) => {
  const { activationDoors: doors } = context
  const free = doors.brake()
  if (!free.ok) return free
  const ready = await mayBeOpened(context, args.activation)
  if (!ready.ok) return ready
  const { activation: a, key } = ready.value
  const id = String(a.id)
  const looked = await look(context, id, key, args.sealed)
  if (!looked.ok) {
    if (looked.error.code !== 'breakglass.share_duplicate') doors.refused()
    await context.note(...saidOf('breakglass.share_refused', { activation: id, code: looked.error.code }), { phase: 'refused' })
    return looked
  }
  doors.add(id, looked.value)
  const custodian = key.custodians[looked.value.number - 1]?.name ?? ''
  const { numbers } = doors.given(id)
  await context.note(...saidOf('breakglass.share_given', { activation: id, custodian, given: numbers.length, threshold: key.threshold }))
  let alarm: EntryId | null = null
  if (numbers.length >= key.threshold) {
    const custodians = numbers.map((number) => key.custodians[number - 1]?.name ?? '')
    const opened = await doors.take(id, (shares) => open(context, a, key, shares, custodians))
    if (!opened.ok) {
      doors.refused()
      return opened
    }
    alarm = opened.value
  }
  return ok({ ...progress(context, a, key), custodian, alarm })
}

const isOpen = ({ openedForActivation }: KeeperContext, a: FactContent): boolean =>
  openedForActivation.has(String(a.id), a.accounts as string[])

function progress(context: KeeperContext, a: FactContent, key: BreakGlassKey) {
  const { numbers, forgottenIn } = context.activationDoors.given(String(a.id))
  return { given: numbers.length, threshold: key.threshold, opened: isOpen(context, a), forgottenIn }
}

/** An activation to which its second person said yes and that is not over; one that runs, too, since a server may have been started anew. */
async function mayBeOpened(
  context: KeeperContext,
  id: string,
): Promise<Result<{ activation: FactContent; key: BreakGlassKey }, KeeperRefusal>> {
  const found = await context.facts.read('breakglass_activation', id)
  if (!found.ok) return found
  const a = found.value.content
  const now = context.now().getTime()
  const until = a.state === 'approved' ? a.expires_at : a.state === 'active' ? a.ends_at : undefined
  if (a.state === 'waiting')
    return refuse('breakglass.activation_state', 'Its second person has not said yes yet: claviger breakglass approve.')
  if (until === undefined || Date.parse(String(until)) <= now || a.epoch !== context.identity.epoch)
    return refuse('breakglass.activation_over', `The activation ${id} is over. Ask again: claviger breakglass activate.`)
  const two = await areTwo(viewOver(context.facts, []), a)
  if (!two.ok) return two
  const key = await breakGlassKey(context)
  return key.ok ? ok({ activation: a, key: key.value }) : key
}

async function namesOf({ facts }: KeeperContext, a: FactContent) {
  const accounts: string[] = []
  for (const id of a.accounts as string[]) {
    const account = await facts.read('account', id)
    if (!account.ok) return account
    const target = await facts.read('target', String(account.value.content.target_id))
    if (!target.ok) return target
    accounts.push(`${account.value.content.name}@${target.value.content.name}`)
  }
  const people = await facts.readAll('person', [String(a.requester_id), String(a.approver_id)])
  if (!people.ok) return people
  const [requester, approver] = people.value.map((p) => String(p.content.name))
  return ok({ accounts, requester, approver })
}

async function look(
  context: KeeperContext,
  activation: string,
  key: BreakGlassKey,
  sealed: string,
): Promise<Result<GivenShare, KeeperRefusal>> {
  const plain = await context.activationDoors.read(activation, sealed)
  if (!plain)
    return refuse(
      'breakglass.share_other',
      'That share was given for another activation, or before the server was started anew. Give it again: claviger breakglass share.',
    )
  const read = givenShare.safeParse(asJson(plain))
  plain.fill(0)
  if (!read.success) return refuse('breakglass.share_malformed', 'That is no share of a key for break-glass.')
  const { activation: of, share } = read.data
  if (of !== activation) return refuse('breakglass.share_other', 'That share was given for another activation. Give it for this one.')
  if (share.key !== key.recipient || share.ledger !== context.notary.verifierKey)
    return refuse(
      'breakglass.share_older',
      'That share is of another key: the key for break-glass was replaced since, or it is of another server.',
    )
  if (share.threshold !== key.threshold || share.number > key.custodians.length)
    return refuse('breakglass.share_malformed', 'That share says other numbers than the key for break-glass. Tell security.')
  if (context.activationDoors.given(activation).numbers.includes(share.number))
    return refuse('breakglass.share_duplicate', 'That custodian gave their share already. The next one must be of another custodian.')
  return ok({ number: share.number, share: Buffer.from(share.share, 'base64') })
}

/** Puts the private half together, opens what counts of each account, and forgets it. The alarm stands in the ledger before anything can be released. */
async function open(
  context: KeeperContext,
  a: FactContent,
  key: BreakGlassKey,
  shares: readonly GivenShare[],
  custodians: readonly string[],
): Promise<Result<EntryId, KeeperRefusal>> {
  const bytes = await combine(shares.map((s) => Uint8Array.from(s.share))).catch(() => undefined)
  const identity = bytes ? Buffer.from(bytes).toString('utf8') : ''
  bytes?.fill(0)
  const versions: OpenedVersion[] = []
  const give = <T>(answer: T): T => {
    for (const { secret } of versions) secret.wipe()
    return answer
  }
  if (!/^AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]+$/.test(identity)) return wrong()
  for (const account of a.accounts as string[]) {
    const rows = (await breakGlassVersions(context.pool, account)).filter((row) => row.state === 'current')
    for (const row of rows) {
      const plain = await decryptWith([identity], row.ciphertext)
      const secret = plain && unboxed(plain, { account, credential: row.what, version: row.version })
      plain?.fill(0)
      if (!secret) return give(wrong())
      versions.push({ account, credential: row.what, version: row.version, secret })
    }
    if (rows.length === 0) {
      const fact = await context.facts.read('account', account)
      const name = fact.ok ? fact.value.content.name : account
      return give(refuse('vault.no_credential', `The ${breakGlass} location has no credential of ${name} yet: its rotation is under way.`))
    }
  }
  const kind = a.kind as 'emergency' | 'drill'
  const again = a.state === 'active'
  const people = { requester: String(a.requester_id), approver: String(a.approver_id) }
  const accounts = a.accounts as string[]
  const alarm = await context.note(
    ...saidOf('alarm.breakglass_activated', {
      ...{ activation: String(a.id), kind, again, accounts, custodians: [...custodians], ...people },
      ...{ seconds: Number(a.seconds), key: key.id, tells: ['security'] },
    }),
    { phase: 'alarm', by: people.requester },
  )
  const until = again ? Date.parse(String(a.ends_at)) : context.now().getTime() + Number(a.seconds) * 1000
  context.openedForActivation.keep(String(a.id), kind, versions, new Date(until))
  return ok(alarm)
}

const wrong = () =>
  refuse(
    'breakglass.shares_wrong',
    'These shares do not open the location: one of them is not what was handed out. All of them were forgotten; each custodian gives theirs again.',
  )

function asJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
