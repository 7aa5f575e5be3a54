import type { Secret } from '../../kernel/secret.ts'

/** How long a target that is down may keep one waiting; then another is made. */
const longestMs = 3600_000

/**
 * Candidates for accounts of the break-glass location, in memory alone and until their rotation ends: what was sealed to the location cannot be opened
 * here again. After a restart another candidate is made, and its managing account sets that one.
 */
export interface KeptCandidates {
  keep(rotation: string, version: number, secret: Secret): void
  /** A copy, which the caller wipes; undefined when there is none of this version. */
  copy(rotation: string, version: number): Secret | undefined
  drop(rotation: string): void
  wipe(): void
}

export function createKeptCandidates(now: () => Date): KeptCandidates {
  const kept = new Map<string, { version: number; secret: Secret; until: number }>()
  const drop = (rotation: string): void => {
    kept.get(rotation)?.secret.wipe()
    kept.delete(rotation)
  }
  const forgetOld = () => {
    for (const [rotation, { until }] of kept) if (until <= now().getTime()) drop(rotation)
  }
  return {
    keep(rotation, version, secret) {
      forgetOld()
      drop(rotation)
      kept.set(rotation, { version, secret, until: now().getTime() + longestMs })
    },
    copy(rotation, version) {
      forgetOld()
      const found = kept.get(rotation)
      return found?.version === version ? found.secret.copy() : undefined
    },
    drop,
    wipe() {
      for (const rotation of [...kept.keys()]) drop(rotation)
    },
  }
}
