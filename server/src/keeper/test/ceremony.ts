import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { must } from '../../domains/identity/test/house.ts'
import { Secret } from '../../kernel/secret.ts'
import type { SealKindName } from '../contract.ts'
import type { LifeOptions } from '../life/states.ts'
import { type KeeperLife, startKeeper } from '../life.ts'
import type { Plan } from '../seal/ceremony-table.ts'

export const anna = { person: 'per_aaaaaaaaaa', groups: ['administrators'] }
export const olaf = { person: 'per_bbbbbbbbbb', groups: ['security'] }

export const newShares = (shares: number, threshold: number): Plan => ({ goal: 'replace', to: 'shamir', wish: { shares, threshold } })

export const give = (life: KeeperLife, share: string) => life.giveShare(Secret.fromText(share), 'a test')

/** Everything up to the new shares, which are the answer: two people, and the shares of before. */
export async function handedOut(life: KeeperLife, plan: Plan, old: readonly string[] = []): Promise<string[]> {
  const { ticket } = must(await life.beginCeremony(plan, anna))
  must(await life.confirmCeremony(olaf))
  for (const share of old) must(await give(life, share))
  const { handOut } = must(await life.goOn(ticket))
  return (await handOut?.use('show-once-to-owner', (bytes) => Buffer.from(bytes).toString('utf8').split('\n'))) ?? []
}

/** A new root key under a seal that takes nobody's shares. */
export async function movedTo(life: KeeperLife, to: SealKindName, old: readonly string[] = []): Promise<void> {
  await handedOut(life, { goal: 'replace', to, wish: { shares: 5, threshold: 3 } }, old)
}

/** All of it: new shares that count. */
export async function newSet(life: KeeperLife, shares: number, threshold: number, old: readonly string[] = []): Promise<string[]> {
  const fresh = await handedOut(life, newShares(shares, threshold), old)
  for (const share of fresh) must(await give(life, share))
  return fresh
}

/** What the last of these shares came to: the code of the refusal that stopped them, or that it is open. */
export async function offer(life: KeeperLife, given: readonly string[]): Promise<string> {
  for (const share of given) {
    const answer = await life.offer(Secret.fromText(share), 'a test')
    if (!answer.ok) return answer.error.code
    if (answer.value.open) return 'open'
  }
  return 'sealed'
}

/** The folder as it is at this moment: what a server that dies now finds at its next start. */
export function copyOf(folder: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'claviger-keeper-'))
  cpSync(folder, copy, { recursive: true })
  return copy
}

export const startOn = (
  pool: pg.Pool,
  folder: string,
  log: (line: string) => void = () => undefined,
  more: Pick<LifeOptions, 'hsm' | 'kms' | 'fresh'> = {},
): Promise<KeeperLife> => startKeeper({ pool, folder, log, ...more })
