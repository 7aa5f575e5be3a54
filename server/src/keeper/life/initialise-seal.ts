import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import type { KeeperRefusal } from '../contract.ts'
import { refuse } from '../refuse.ts'
import { makeDevRoot } from '../seal/dev-root.ts'
import { hasHistory } from '../seal/installation.store.ts'
import type { SealFacts } from '../seal/installation.ts'
import { layDownInstallation } from '../seal/lay-down-installation.ts'
import { splitRoot } from '../seal/split-root.ts'
import type { Belongings } from './belongings.ts'

export interface HandedOut {
  set: string
  /** The shares' texts, a line each: to be shown once, and wiped. */
  handOut: Secret
}

/** Makes the root key and hands out its shares, once. Whoever asks was checked. May be repeated until the first unseal. */
export async function initialiseSeal(
  life: Belongings,
  shares: number,
  threshold: number,
  by: string,
): Promise<Result<HandedOut, KeeperRefusal>> {
  await life.look()
  const before = life.record()
  if (life.opened || (before && (before.facts.seal.kind === 'dev' || (await hasHistory(life.pool)))))
    return refuse('seal.initialised', 'This installation has its seal already. Its shares are with the custodians: claviger unseal.')
  life.desk.forget()
  const root = randomSecretBytes(32)
  const split = await splitRoot(root, shares, threshold)
  const former = before?.facts.seal.kind === 'shamir' ? [...before.facts.seal.former, before.facts.seal.set].slice(-64) : []
  const facts: SealFacts = { kind: 'shamir', set: split.set, threshold, shares, digests: split.digests, former }
  life.note('seal.initialised', { by, kind: 'shamir', set: split.set, threshold, shares })
  const laid = await layDownInstallation(life.pool, life.folder, root, facts, before)
  root.fill(0)
  const handOut = new Secret(split.texts)
  await life.look()
  if (!laid) {
    handOut.wipe()
    return refuse('seal.initialised', 'Another server of this installation made the seal at this moment. Look at claviger seal status.')
  }
  life.become('sealed')
  return ok({ set: split.set, handOut })
}

/** Makes the seal that opens by itself. Throws when another server was first. */
export async function initialiseDevSeal(life: Belongings): Promise<void> {
  const root = makeDevRoot(life.folder)
  const laid = await layDownInstallation(life.pool, life.folder, root, { kind: 'dev' }, undefined)
  root.fill(0)
  if (!laid) throw new Error('Another server made this installation at this moment, with a seal of its own. Start again.')
  life.note('seal.initialised', { by: 'setting', kind: 'dev', set: null, threshold: null, shares: null })
  await life.look()
}
