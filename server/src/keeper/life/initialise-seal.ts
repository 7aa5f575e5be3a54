import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import type { KeeperRefusal } from '../contract.ts'
import { refuse } from '../refuse.ts'
import { hasHistory } from '../seal/installation.store.ts'
import type { SealKindName } from '../seal/installation.ts'
import type { Wish } from '../seal/kinds/kind.ts'
import { kindOf, opensByItself } from '../seal/kinds/kinds.ts'
import { layDownInstallation } from '../seal/lay-down-installation.ts'
import { setsAfter, withSets } from '../seal/sets.ts'
import { toCustodians } from '../seal/to-custodians.ts'
import type { Belongings } from './belongings.ts'

export interface HandedOut {
  set: string
  /** The shares' texts, a line each: to be shown once, and wiped. */
  handOut: Secret
}

/** Makes the root key and hands out its shares, once. Whoever asks was checked. May be repeated until the first unseal. */
export async function initialiseSeal(life: Belongings, wish: Wish, by: string): Promise<Result<HandedOut, KeeperRefusal>> {
  await life.look()
  const before = life.record()
  if (life.opened || (before && (opensByItself(before.facts.seal.kind) || (await hasHistory(life.pool)))))
    return refuse('seal.initialised', 'This installation has its seal already. Its shares are with the custodians: claviger unseal.')
  life.desk.forget()
  const root = randomSecretBytes(32)
  const made = await kindOf('shamir').protect(root, wish, life.place)
  if (!made.ok || made.value.facts.kind !== 'shamir' || !made.value.handOut) throw new Error('the seal "shamir" made no shares')
  const facts = withSets(made.value.facts, before ? setsAfter(before.facts) : [])
  const { set, threshold, shares } = made.value.facts
  life.note('seal.initialised', { by, kind: 'shamir', set, threshold, shares })
  const laid = await layDownInstallation(life.pool, life.folder, root, facts, before)
  root.fill(0)
  const handOut = new Secret(await toCustodians(made.value.handOut, wish.custodians))
  await life.look()
  if (!laid) {
    handOut.wipe()
    return refuse('seal.initialised', 'Another server of this installation made the seal at this moment. Look at claviger seal status.')
  }
  life.become('sealed')
  return ok({ set, handOut })
}

/** Makes a seal that opens by itself. Throws when it cannot, or when another server was first. */
export async function initialiseByItself(life: Belongings, kind: SealKindName): Promise<void> {
  const root = randomSecretBytes(32)
  const made = await kindOf(kind).protect(root, { shares: 0, threshold: 0 }, life.place)
  if (!made.ok) throw new Error(made.error.message)
  const laid = await layDownInstallation(life.pool, life.folder, root, made.value.facts, undefined)
  root.fill(0)
  if (!laid) throw new Error('Another server made this installation at this moment, with a seal of its own. Start again.')
  life.note('seal.initialised', { by: 'setting', kind, set: null, threshold: null, shares: null })
  await life.look()
}
