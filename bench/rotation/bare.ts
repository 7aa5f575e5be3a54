import { goTogether } from '../../server/src/domains/rotation/together.ts'
import { atOnce } from '../../server/src/domains/rotation/work-off-target.ts'
import { newSshKey } from '../../server/src/keeper/vault/generate.ts'
import { createDialer } from '../../server/src/platform/dialer/index.ts'
import type { Credential, OpenTarget, TargetKind } from '../../server/src/targets/contract.ts'
import { inLanes } from '../../server/src/targets/linux-ssh/in-lanes.ts'
import type { RunningTarget } from '../../server/src/targets/test/harness.ts'

/** An account that no vault knows, with its credential as it is now. */
export interface Bare {
  name: string
  current: Credential
}

/** A harness knows passwords; keys are made here. */
export function newCredential(target: RunningTarget, kind: Credential['kind']): Credential {
  if (kind === 'password') return target.fresh()()
  const { secret, publicLine } = newSshKey('a bench')
  return { kind, secret, publicKey: publicLine }
}

/**
 * What a rotation does on the target and nothing else, by the kind's own code and as many at once as the product: set it, log in with it, close
 * other ways in, see the old one refused.
 */
export async function rotateBare(
  kind: TargetKind,
  target: RunningTarget,
  accounts: readonly Bare[],
  credential: Credential['kind'],
): Promise<void> {
  const dial = createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true })
  const { settings, identity, manager } = target
  const opened = kind.open(settings, dial)
  if (!opened.ok) throw new Error(opened.error.code)
  const one = async (open: OpenTarget, account: Bare): Promise<void> => {
    const { name, current } = account
    const next = newCredential(target, credential)
    must(await open.rotate?.(identity, manager(), name, next))
    must(await open.verify(identity, { account: name, credential: next }))
    if (open.closeOthers) must(await open.closeOthers(identity, manager(), name, next))
    const old = await open.verify(identity, { account: name, credential: current })
    if (old.ok || old.error.code !== 'target.login_refused') throw new Error(`the old credential of ${name} was not refused`)
    account.current = next
  }
  const group = goTogether()
  await inLanes(atOnce, accounts, async (account) => {
    const together = group.join()
    await one(together.share(opened.value), account).finally(together.leave)
  })
}

function must(answer: { ok: true } | { ok: false; error: { code: string } } | undefined): void {
  if (!answer?.ok) throw new Error(`the bare loop was refused: ${answer?.error.code ?? 'it cannot rotate'}`)
}
