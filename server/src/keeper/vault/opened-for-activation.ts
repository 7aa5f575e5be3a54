import { ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { KeeperRefusal } from '../contract.ts'
import { refuse } from '../refuse.ts'

export interface OpenedVersion {
  account: string
  credential: string
  version: number
  secret: Secret
}

/**
 * What custodians opened for one activation: in this process's memory alone, and no longer than that runs. After a restart they bring their shares
 * again. What was opened for a drill goes to no gateway, what was opened for an emergency to nothing but gateways.
 */
export interface OpenedForActivation {
  keep(activation: string, kind: 'emergency' | 'drill', versions: readonly OpenedVersion[], until: Date): void
  /** Whether something of each of these accounts was opened. */
  has(activation: string, accounts: readonly string[]): boolean
  /** A copy, which the caller wipes. */
  forEmergency(activation: string, account: string, credential: string, version: number): Secret | undefined
  forDrill(account: string, credential: string, version: number): Secret | undefined
  drop(activation: string): void
  wipe(): void
}

export function createOpenedForActivation(now: () => Date): OpenedForActivation {
  const kept = new Map<string, { kind: 'emergency' | 'drill'; versions: readonly OpenedVersion[]; until: number; timer: NodeJS.Timeout }>()
  const drop = (activation: string): void => {
    const one = kept.get(activation)
    clearTimeout(one?.timer)
    for (const { secret } of one?.versions ?? []) secret.wipe()
    kept.delete(activation)
  }
  /** By time, also where the timer is late. */
  const running = (activation: string) => {
    const one = kept.get(activation)
    if (one && one.until <= now().getTime()) drop(activation)
    return kept.get(activation)
  }
  const find = (versions: readonly OpenedVersion[], account: string, credential: string, version: number): Secret | undefined =>
    versions.find((v) => v.account === account && v.credential === credential && v.version === version)?.secret.copy()
  return {
    keep(activation, kind, versions, until) {
      drop(activation)
      const timer = setTimeout(() => drop(activation), Math.max(0, until.getTime() - now().getTime())).unref()
      kept.set(activation, { kind, versions, until: until.getTime(), timer })
    },
    has: (activation, accounts) => accounts.every((id) => running(activation)?.versions.some((v) => v.account === id)),
    forEmergency(activation, account, credential, version) {
      const one = running(activation)
      return one?.kind === 'emergency' ? find(one.versions, account, credential, version) : undefined
    },
    forDrill(account, credential, version) {
      for (const id of [...kept.keys()]) {
        const one = running(id)
        const found = one?.kind === 'drill' ? find(one.versions, account, credential, version) : undefined
        if (found) return found
      }
      return undefined
    },
    drop,
    wipe() {
      for (const id of [...kept.keys()]) drop(id)
    },
  }
}

/** What a gateway is given of the break-glass location. */
export function openedFor(
  opened: OpenedForActivation,
  activation: unknown,
  row: { owner_id: string; what: string; version: number },
): Result<{ secret: Secret }, KeeperRefusal> {
  const secret = opened.forEmergency(String(activation), row.owner_id, row.what, row.version)
  return secret
    ? ok({ secret })
    : refuse(
        'breakglass.not_opened',
        'The server was started anew, or this account was rotated, since custodians opened it. They bring their shares again: claviger breakglass share.',
      )
}
