import { ok } from '../../kernel/result.ts'
import { ed25519Blob, formatPublicKeyLine } from '../../protocols/ssh-keys/index.ts'
import { type SystemKey, systemKey } from '../vault/system-keys.ts'
import type { Handler } from './handler.ts'

export const status: Handler<'status'> = async ({ context }) => {
  const line = async (name: SystemKey, comment: string): Promise<string> => {
    const key = await systemKey(context.vault, name)
    return key.ok ? formatPublicKeyLine({ type: 'ssh-ed25519', blob: ed25519Blob(key.value.publicKey), comment }) : ''
  }
  return ok({
    seal: 'dev',
    state: context.divergence === undefined ? 'ready' : 'diverged',
    message: context.divergence ?? 'ready',
    epoch: context.identity.epoch,
    size: context.notary.size,
    setupOpen: context.setup.open,
    verifierKey: context.notary.verifierKey,
    userCa: await line('user-ca', 'claviger people'),
    gatewayKey: await line('gateway-host', 'claviger gateway'),
  })
}

/** For the supervisor, who prints it: the one-time token of this start while the first run is open. */
export const setupToken: Handler<'setupToken'> = async ({ context }) => ok({ token: context.setup.token ?? null })
