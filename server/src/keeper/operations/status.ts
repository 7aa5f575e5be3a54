import { ok } from '../../kernel/result.ts'
import { ed25519Blob, formatPublicKeyLine } from '../../protocols/ssh-keys/index.ts'
import type { SealStatus } from '../life/states.ts'
import { type SystemKey, systemKey } from '../vault/system-keys.ts'
import { tlsAuthority } from '../vault/tls-authority.ts'
import type { LifeHandler } from './handler.ts'
import { officersNeeded } from './ledger.ts'

export const status: LifeHandler<'status'> = async ({ life }) => {
  const seal = await life.status()
  const common = {
    seal: seal.kind ?? ('none' as const),
    shares: seal.progress ?? null,
    ceremony: seal.ceremony,
    openSince: life.opened?.openedAt.toISOString() ?? null,
    runningGrants: seal.runningGrants,
  }
  const context = life.opened?.context
  if (!context) {
    const state = seal.state === 'uninitialised' ? ('uninitialised' as const) : ('sealed' as const)
    return ok({
      ...common,
      state,
      message: sealedSentence(seal),
      officers: { acknowledged: 0, needed: officersNeeded },
      ...{
        epoch: 0,
        epochSince: null,
        size: 0,
        note: '',
        setupOpen: life.setup.open,
        verifierKey: '',
        userCa: '',
        gatewayKey: '',
        tlsCa: '',
      },
    })
  }
  const line = async (name: SystemKey, comment: string): Promise<string> => {
    const key = await systemKey(context.vault, name)
    return key.ok ? formatPublicKeyLine({ type: 'ssh-ed25519', blob: ed25519Blob(key.value.publicKey), comment }) : ''
  }
  const open = context.divergence === undefined ? ('ready' as const) : ('diverged' as const)
  const authority = await tlsAuthority(context.vault)
  return ok({
    ...common,
    state: seal.state === 'closing' ? ('closing' as const) : open,
    message: seal.state === 'closing' ? 'The seal is being closed.' : (context.divergence ?? 'ready'),
    officers: { acknowledged: context.acknowledged.size, needed: officersNeeded },
    epoch: context.identity.epoch,
    epochSince: context.identity.epochAt?.toISOString() ?? null,
    size: context.notary.size,
    note: context.notary.note,
    setupOpen: context.setup.open,
    verifierKey: context.notary.verifierKey,
    userCa: await line('user-ca', 'claviger people'),
    gatewayKey: await line('gateway-host', 'claviger gateway'),
    tlsCa: authority.ok ? authority.value.certificate : '',
  })
}

/** What is wrong and what to do, for every door that has to say it. */
export function sealedSentence({ state, progress, runningGrants, waiting }: SealStatus): string {
  if (state === 'uninitialised') return 'Claviger has no seal yet, so nothing can be kept. On its host: claviger init'
  const given = progress ? `${progress.given} of ${progress.threshold} shares were given. ` : ''
  const live = runningGrants > 0 ? ` ${runningGrants} grants run meanwhile: nothing opens or is taken away on them.` : ''
  if (waiting !== undefined) return `Claviger is sealed: ${waiting}${live}`
  return `Claviger is sealed: nothing opens until its custodians give their shares. ${given}Each types: claviger unseal.${live}`
}

/** For the supervisor, who prints it: the one-time token of this start while the first run is open. */
export const setupToken: LifeHandler<'setupToken'> = async ({ life }) => ok({ token: life.setup.token ?? null })

export const isSetupToken: LifeHandler<'isSetupToken'> = async ({ life, args }) => ok({ valid: life.setup.isToken(args.token) })
