import { ok } from '../../kernel/result.ts'
import { ed25519Blob, formatPublicKeyLine } from '../../protocols/ssh-keys/index.ts'
import { systemKey } from '../vault/system-keys.ts'
import type { Handler } from './handler.ts'

export const status: Handler<'status'> = async ({ context }) => {
  const ca = await systemKey(context.vault, 'user-ca')
  return ok({
    seal: 'dev',
    state: context.divergence === undefined ? 'ready' : 'diverged',
    message: context.divergence ?? 'ready',
    epoch: context.identity.epoch,
    size: context.notary.size,
    setupOpen: context.setup.open,
    verifierKey: context.notary.verifierKey,
    userCa: ca.ok ? formatPublicKeyLine({ type: 'ssh-ed25519', blob: ed25519Blob(ca.value.publicKey), comment: 'claviger people' }) : '',
  })
}

/** For the supervisor, who prints it: the one-time token of this start while the first run is open. */
export const setupToken: Handler<'setupToken'> = async ({ context }) => ok({ token: context.setup.token ?? null })
