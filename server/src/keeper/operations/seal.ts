import { ok, type Result } from '../../kernel/result.ts'
import { sameBytes, sha256 } from '../../platform/crypto/hash.ts'
import { actorOf } from '../authority/actors.ts'
import type { KeeperRefusal } from '../contract.ts'
import { actDigest } from '../people/act-digest.ts'
import { refuse } from '../refuse.ts'
import { notOneEach } from '../seal/to-custodians.ts'
import type { LifeCall, LifeHandler } from './handler.ts'

const isHost = ({ hostToken }: Pick<LifeCall<'seal'>, 'hostToken'>, token: string): boolean =>
  hostToken !== undefined && sameBytes(sha256(token), Buffer.from(hostToken, 'hex'))

export const initialise: LifeHandler<'initialise'> = async (call) => {
  const { life, args } = call
  const { shares, threshold, custodians, authority } = args
  if (threshold > shares)
    return refuse('seal.threshold', `${threshold} of ${shares} cannot be: choose no more needed shares than there are.`)
  if (custodians && custodians.length !== shares) return notOneEach(shares, custodians.length)
  const may = authority.by === 'setup' ? life.setup.isToken(authority.token) : isHost(call, authority.token)
  if (!may)
    return refuse(
      'seal.not_authorised',
      'Only the link that the server printed at this start, or the command on its own host as the owner of its data, initialises it.',
    )
  const made = await life.initialise({ shares, threshold, custodians }, authority.by)
  return made.ok ? ok({ set: made.value.set, shares, threshold, payload: made.value.handOut }) : made
}

export const unseal: LifeHandler<'unseal'> = async ({ life, args, payload }) => await life.offer(payload.copy(), args.source)

export const openAgain: LifeHandler<'openAgain'> = async (call) => {
  if (!isHost(call, call.args.token))
    return refuse(
      'seal.not_authorised',
      "Only its own host opens this seal again: run claviger unseal there, as the owner of the server's data.",
    )
  const opened = await call.life.openAgain()
  return opened.ok ? ok({ done: true as const }) : opened
}

export const seal: LifeHandler<'seal'> = async (call) => {
  const { life, args, closeDoors } = call
  const by = await whoSeals(call, args.authority)
  if (!by.ok) return by
  const sealed = await life.seal(by.value, closeDoors)
  return sealed.ok ? ok({ done: true as const }) : sealed
}

async function whoSeals(
  call: LifeCall<'seal'>,
  authority: LifeCall<'seal'>['args']['authority'],
): Promise<Result<{ person: string | null }, KeeperRefusal>> {
  if (authority.by === 'host')
    return isHost(call, authority.token)
      ? ok({ person: null })
      : refuse(
          'seal.not_authorised',
          "This is not the token of this start: run the command on the server's own host, as the owner of its data.",
        )
  const context = call.life.opened?.context
  if (!context) return refuse('seal.closed', 'The seal is closed already.')
  const actor = await actorOf(context, authority, actDigest('seal', null))
  if (!actor.ok) return actor
  const groups: readonly string[] = actor.value.by === 'stepUp' ? actor.value.groups : []
  return groups.includes('administrators') || groups.includes('security')
    ? ok({ person: authority.person })
    : refuse('seal.not_authorised', 'Only members of administrators or security close the seal.')
}

export const doorsClosed: LifeHandler<'doorsClosed'> = async ({ doorClosed }) => {
  doorClosed()
  return ok({ done: true as const })
}
