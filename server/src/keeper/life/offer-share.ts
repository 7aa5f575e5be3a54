import { ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import { collectGarbage } from '../../platform/process/garbage.ts'
import type { KeeperRefusal } from '../contract.ts'
import { refuse } from '../refuse.ts'
import type { ShamirFacts } from '../seal/kinds/shamir.facts.ts'
import type { Progress } from '../seal/share-desk.ts'
import { joinShares } from '../seal/split-root.ts'
import type { Belongings } from './belongings.ts'
import { openSeal } from './open-seal.ts'

/** Takes one share. The last one that is needed opens everything. */
export async function offerShare(
  life: Belongings,
  share: Secret,
  source: string,
): Promise<Result<Progress & { open: boolean }, KeeperRefusal>> {
  if (life.state === 'uninitialised') await life.look()
  const record = life.record()
  if (!record) return refuse('seal.uninitialised', 'There is no seal yet, so no share either. Initialise first: claviger init.')
  if (life.opened) return refuse('seal.open', 'The seal is open already.')
  const { seal } = record.facts
  if (seal.kind !== 'shamir') return refuse('seal.takes_no_shares', `The seal "${seal.kind}" takes no shares.`)
  const braked = life.desk.brake(source)
  if (braked) return braked
  const offered = await share.use('unseal', (bytes) => life.desk.offer(bytes, setsOnRecord(life, seal), source))
  if (!offered.ok) {
    life.note(
      'seal.share_refused',
      { code: offered.error.code, number: offered.error.facts?.number ?? null, set: seal.set },
      { phase: 'refused', personal: { source } },
    )
    return offered
  }
  const { number, set, progress } = offered.value
  life.note('seal.share_given', { number, given: progress.given, threshold: progress.threshold, set }, { personal: { source } })
  if (progress.given < progress.threshold) return ok({ ...progress, open: false })
  const root = await life.desk.take(set, joinShares)
  try {
    const opened = await openSeal(life, root)
    return opened.ok ? ok({ ...progress, open: true }) : opened
  } finally {
    root.fill(0)
    // once nothing of this call is held any more
    setImmediate(collectGarbage)
  }
}

/**
 * The set that leads, and the one that the folder knows: before there is a root key nobody can tell whether a later record in the database is
 * true. The shares of either are put together, and what they open says it.
 */
function setsOnRecord(life: Belongings, leading: ShamirFacts): ShamirFacts[] {
  const own = life.found.folder?.facts.seal
  return own?.kind === 'shamir' && own.set !== leading.set ? [leading, own] : [leading]
}
