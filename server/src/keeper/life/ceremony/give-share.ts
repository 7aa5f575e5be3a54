import { ok, type Result } from '../../../kernel/result.ts'
import type { Secret } from '../../../kernel/secret.ts'
import { collectGarbage } from '../../../platform/process/garbage.ts'
import type { KeeperContext } from '../../context.ts'
import type { KeeperRefusal } from '../../contract.ts'
import { refuse } from '../../refuse.ts'
import type { Ceremony } from '../../seal/ceremony-table.ts'
import { fits } from '../../seal/installation-state.ts'
import type { ShamirFacts } from '../../seal/kinds/shamir.facts.ts'
import type { ShareDesk } from '../../seal/share-desk.ts'
import { joinShares } from '../../seal/split-root.ts'
import type { Belongings } from '../belongings.ts'
import { closed, noneUnderWay } from './refusals.ts'
import { replaceRoot } from './replace-root.ts'

export interface Given {
  given: number
  needed: number
  /** The new shares count from now on, and those of before open nothing any more. */
  done: boolean
}

/**
 * A custodian gives a share: of the set that counts, so that the ceremony may go on; or, once new ones are handed out, the new one, to show that it
 * was written down. The last of those makes them count.
 */
export async function giveShare(life: Belongings, share: Secret, source: string): Promise<Result<Given, KeeperRefusal>> {
  const ceremony = life.ceremony.current()
  const context = life.opened?.context
  if (!context) return closed()
  if (!ceremony) return noneUnderWay()
  const { seal } = context.installation.facts
  const fresh = ceremony.next?.seal
  if (fresh) return fresh.kind === 'shamir' ? await typeBack(life, context, ceremony, fresh, share, source) : noShares(fresh.kind)
  if (seal.kind !== 'shamir') return noShares(seal.kind)
  const given = await take(context, ceremony.old, seal, share, source)
  if (!given.ok) return given
  await context.note(
    'seal.share_given',
    { number: given.value.number, given: given.value.given, threshold: seal.threshold, set: seal.set },
    { personal: { source } },
  )
  return ok({ given: given.value.given, needed: seal.threshold, done: false })
}

const noShares = (kind: string) => refuse('seal.takes_no_shares', `The seal "${kind}" takes no shares.`)

async function typeBack(
  life: Belongings,
  context: KeeperContext,
  ceremony: Ceremony,
  fresh: ShamirFacts,
  share: Secret,
  source: string,
): Promise<Result<Given, KeeperRefusal>> {
  const { seal } = context.installation.facts
  const known = { ...fresh, former: [] }
  const taken = await take(context, ceremony.back, known, share, source)
  if (!taken.ok) {
    if (taken.error.code === 'seal.share_other_set' && seal.kind === 'shamir' && taken.error.facts?.set === seal.set)
      return refuse(
        'ceremony.share_of_before',
        `That is a share of set ${seal.set}, which is being replaced. Type the new one, of set ${fresh.set}; keep the old one until all have.`,
      )
    return taken
  }
  const { given, number } = taken.value
  await context.note('seal.share_typed_back', { number, given, shares: fresh.shares, set: fresh.set }, { personal: { source } })
  if (given < fresh.shares) return ok({ given, needed: fresh.shares, done: false })
  const root = await ceremony.back.take(fresh.set, joinShares)
  try {
    const next = ceremony.next
    if (!next || !fits(root, next)) throw new Error('the shares that were typed back do not give the new root key')
    const replaced = await replaceRoot(life, context, next, root, ceremony)
    return replaced.ok ? ok({ given, needed: fresh.shares, done: true }) : replaced
  } finally {
    root.fill(0)
    life.ceremony.drop()
    setImmediate(collectGarbage)
  }
}

/** One share onto the desk; the one that is refused is recorded, and who offers many wrong ones is not listened to. */
async function take(
  context: KeeperContext,
  desk: ShareDesk,
  seal: ShamirFacts,
  share: Secret,
  source: string,
): Promise<Result<{ number: number; given: number }, KeeperRefusal>> {
  const braked = desk.brake(source)
  if (braked) return braked
  const offered = await share.use('unseal', (bytes) => desk.offer(bytes, [seal], source))
  if (offered.ok) return ok({ number: offered.value.number, given: offered.value.progress.given })
  const { code, facts } = offered.error
  await context.note(
    'seal.share_refused',
    { code, number: facts?.number ?? null, set: seal.set },
    { phase: 'refused', personal: { source } },
  )
  return offered
}
