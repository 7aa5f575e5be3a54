import type { Plain } from '../../kernel/canonical.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { actorOf } from '../authority/actors.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { KeeperLife } from '../life.ts'
import { actDigest } from '../people/act-digest.ts'
import { refuse } from '../refuse.ts'
import type { Signatory } from '../seal/ceremony-table.ts'
import { notOneEach } from '../seal/to-custodians.ts'
import type { LifeCall, LifeHandler } from './handler.ts'

export const ceremonyBegin: LifeHandler<'ceremonyBegin'> = async ({ life, args }) => {
  const { plan } = args
  if (plan.goal === 'replace' && plan.wish.threshold > plan.wish.shares)
    return refuse('seal.threshold', `${plan.wish.threshold} of ${plan.wish.shares} cannot be: choose no more needed shares than there are.`)
  if (plan.goal === 'replace' && plan.wish.custodians && plan.wish.custodians.length !== plan.wish.shares)
    return notOneEach(plan.wish.shares, plan.wish.custodians.length)
  const who = await signatory(life, args.authority, actDigest('ceremonyBegin', plan as Plain))
  return who.ok ? await life.beginCeremony(plan, who.value) : who
}

export const ceremonyConfirm: LifeHandler<'ceremonyConfirm'> = async ({ life, args }) => {
  const who = await signatory(life, args.authority, actDigest('ceremonyConfirm', (life.ceremonyPlan ?? null) as Plain))
  return who.ok ? await life.confirmCeremony(who.value) : who
}

export const ceremonyShare: LifeHandler<'ceremonyShare'> = async ({ life, args, payload }) =>
  await life.giveShare(payload.copy(), args.source)

export const ceremonyGo: LifeHandler<'ceremonyGo'> = async ({ life, args }) => {
  const went = await life.goOn(args.ticket)
  if (!went.ok) return went
  const { set, encrypted, handOut } = went.value
  return ok({ set, encrypted: encrypted === true, ...(handOut && { payload: handOut }) })
}

export const ceremonyDrop: LifeHandler<'ceremonyDrop'> = async ({ life, args }) => {
  const who = await signatory(life, args.authority, actDigest('ceremonyDrop', (life.ceremonyPlan ?? null) as Plain))
  return who.ok ? await life.dropCeremony(who.value.person) : who
}

/** Who stands here, by a code for exactly this, and in which groups. The keeper looks itself. */
async function signatory(
  life: KeeperLife,
  authority: LifeCall<'ceremonyConfirm'>['args']['authority'],
  act: string,
): Promise<Result<Signatory, KeeperRefusal>> {
  const context = life.opened?.context
  if (!context) return refuse('seal.closed', 'The seal is closed already.')
  const actor = await actorOf(context, authority, act)
  if (!actor.ok) return actor
  const groups: readonly string[] = actor.value.by === 'stepUp' ? actor.value.groups : []
  return groups.includes('administrators') || groups.includes('security')
    ? ok({ person: authority.person, groups })
    : refuse('ceremony.not_authorised', 'Only members of administrators or security take part in this.')
}
