import type { Credential, FoundAccount, Login, OpenTarget, PinnedIdentity, TargetFailure } from '../contract.ts'
import { TargetError } from '../contract.ts'

type Outcome = { ok: true; value: unknown } | { ok: false; error: TargetFailure }
interface Asked {
  target: OpenTarget
  identity: PinnedIdentity
  as: Login
  account: string
  next: Credential
}

/** Reads a discovery to its end; its exception becomes the refusal that it carries. */
export async function discovered(target: OpenTarget, identity: PinnedIdentity, as: Login): Promise<Outcome & { value?: FoundAccount[] }> {
  const found: FoundAccount[] = []
  try {
    for await (const account of target.discover?.(identity, as) ?? []) found.push(account)
    return { ok: true, value: found }
  } catch (error) {
    if (error instanceof TargetError) return { ok: false, error: error.failure }
    throw error
  }
}

/** Everything that this target can do in which a credential could leave, by name. */
export function actsOf({ target, identity, as, account, next }: Asked): Record<string, () => Promise<Outcome>> {
  const { rotate, changeOwn, closeOthers, lifecycle = {} } = target
  const { create, ...others } = lifecycle
  return {
    verify: () => target.verify(identity, as),
    ...(target.discover && { discover: () => discovered(target, identity, as) }),
    ...(rotate && { rotate: () => rotate(identity, as, account, next) }),
    ...(changeOwn && { changeOwn: () => changeOwn(identity, as, next) }),
    ...(closeOthers && { closeOthers: () => closeOthers(identity, as, account, next) }),
    ...(create && { create: () => create(identity, as, account, next) }),
    ...Object.fromEntries(Object.entries(others).map(([name, act]) => [name, () => act(identity, as, account)])),
  }
}
