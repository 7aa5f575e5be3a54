import { ok, type Result } from '../../../kernel/result.ts'
import { Secret } from '../../../kernel/secret.ts'
import { sameBytes, sha256 } from '../../../platform/crypto/hash.ts'
import { randomSecretBytes } from '../../../platform/crypto/random.ts'
import { open, seal } from '../../../platform/crypto/sealed.ts'
import { collectGarbage } from '../../../platform/process/garbage.ts'
import type { KeeperContext } from '../../context.ts'
import type { KeeperRefusal } from '../../contract.ts'
import { refuse } from '../../refuse.ts'
import type { Ceremony, Plan, Prepared } from '../../seal/ceremony-table.ts'
import { checkValue, type SealFacts } from '../../seal/installation.ts'
import { fits } from '../../seal/installation-state.ts'
import { kindOf } from '../../seal/kinds/kinds.ts'
import { joinShares } from '../../seal/split-root.ts'
import { succeed } from '../../seal/succession.ts'
import { toCustodians } from '../../seal/to-custodians.ts'
import { signerPlace } from '../../state/identity.ts'
import { derivationPlace } from '../../vault/derivation.ts'
import type { Belongings } from '../belongings.ts'
import { closed, noneUnderWay } from './refusals.ts'
import { replaceRoot } from './replace-root.ts'
import { showCeremony } from './show-ceremony.ts'

export interface WentOn {
  /** New shares, a line each: to be handed out and typed back. Undefined when it is done. */
  handOut?: Secret
  /** Each is encrypted to its custodian's key. */
  encrypted?: boolean
  set: string | null
}

/** Everybody is there: makes what was planned. New shares are the answer; they count once each was typed back. */
export async function goOn(life: Belongings, ticket: string): Promise<Result<WentOn, KeeperRefusal>> {
  const ceremony = life.ceremony.current()
  const context = life.opened?.context
  if (!context) return closed()
  if (!ceremony) return noneUnderWay()
  if (!sameBytes(sha256(ticket), ceremony.ticket))
    return refuse(
      'ceremony.other_ticket',
      'Only who began this ceremony goes on with it, where they began it. Or give it up: claviger ceremony drop.',
    )
  const missing = whatIsMissing(life)
  if (missing) return missing
  const root = await theRootKey(life, context, ceremony)
  if (!root.ok) return root
  try {
    if (ceremony.plan.goal === 'rotate') {
      const begun = await context.rewrap.begin(root.value, ceremony.plan.locations, ceremony)
      if (begun.ok) life.ceremony.drop()
      return begun.ok ? ok({ set: null }) : begun
    }
    return await newRoot(life, context, ceremony, ceremony.plan, root.value)
  } finally {
    root.value.fill(0)
    setImmediate(collectGarbage)
  }
}

function whatIsMissing(life: Belongings) {
  const shown = showCeremony(life)
  if (shown?.phase === 'verifying')
    return refuse(
      'ceremony.handed_out',
      'The new shares are handed out already. Each custodian types theirs back: claviger ceremony share. If some are lost, give it up and begin anew.',
    )
  if (shown?.phase === 'ready') return undefined
  if (!shown?.confirmed)
    return refuse(
      'ceremony.not_confirmed',
      'A second person must confirm this first, an officer or an administrator: claviger ceremony confirm.',
    )
  return refuse(
    'ceremony.shares_missing',
    `${shown.old?.given ?? 0} of ${shown.old?.threshold ?? 0} shares of set ${shown.old?.set ?? ''} were given. Each custodian types: claviger ceremony share.`,
  )
}

/** The root key that counts: put together from the shares that were given, or from its seal. The caller wipes it. */
async function theRootKey(life: Belongings, context: KeeperContext, { old }: Ceremony): Promise<Result<Buffer, KeeperRefusal>> {
  const { seal: facts, check } = context.installation.facts
  const root = facts.kind === 'shamir' ? ok(await old.take(facts.set, joinShares)) : await kindOf(facts.kind).open?.(facts, life.place)
  if (!root) throw new Error(`nothing brings the root key of the seal ${facts.kind}`)
  if (!root.ok) return root
  if (fits(root.value, { check })) return root
  root.value.fill(0)
  return refuse('seal.does_not_open', 'What the seal gave is not the root key that counts. Nothing was changed.')
}

async function newRoot(
  life: Belongings,
  context: KeeperContext,
  ceremony: Ceremony,
  plan: Extract<Plan, { goal: 'replace' }>,
  old: Uint8Array,
): Promise<Result<WentOn, KeeperRefusal>> {
  const fresh = randomSecretBytes(32)
  try {
    const kind = kindOf(plan.to)
    const made = await kind.protect(fresh, plan.wish, life.place)
    if (!made.ok) return made
    const { facts, handOut } = made.value
    const prepared = prepare(context, old, fresh, facts)
    if (handOut) {
      ceremony.next = prepared
      const set = facts.kind === 'shamir' ? facts.set : ''
      const id = await context.note(
        'seal.shares_made',
        { set, shares: plan.wish.shares, threshold: plan.wish.threshold },
        { by: ceremony.begun.person },
      )
      if (!(await context.notary.whenSigned(id, 10_000))) {
        handOut.fill(0)
        life.ceremony.drop()
        return refuse(
          'ledger.not_sequenced',
          'The ledger did not record this within ten seconds, so no share was given out. Begin the ceremony anew.',
        )
      }
      return ok({
        handOut: new Secret(await toCustodians(handOut, plan.wish.custodians)),
        set,
        encrypted: plan.wish.custodians !== undefined,
      })
    }
    // a seal that opens by itself is seen to open before the one of before dies
    const back = await kind.open?.(facts, life.place)
    const same = back?.ok && sameBytes(back.value, fresh)
    if (back?.ok) back.value.fill(0)
    if (!same)
      return back && !back.ok
        ? back
        : refuse('ceremony.does_not_open', 'The new seal does not give back the key that was put under it. Nothing was changed.')
    const replaced = await replaceRoot(life, context, prepared, fresh, ceremony)
    life.ceremony.drop()
    return replaced.ok ? ok({ set: null }) : replaced
  } finally {
    fresh.fill(0)
  }
}

/** With both keys in hand: everything that the new record will say which takes them. Ciphertexts alone. */
function prepare({ installation }: KeeperContext, old: Uint8Array, fresh: Uint8Array, facts: SealFacts): Prepared {
  const { signer, derivation } = installation.facts
  const check = checkValue(fresh)
  const anew = (place: typeof signerPlace, sealed: string): string => {
    const plain = open(old, place, Buffer.from(sealed, 'base64'))
    if (!plain.ok) throw new Error(`the root key does not open ${place.purpose}`)
    const again = seal(fresh, 'root', place, plain.value).toString('base64')
    plain.value.fill(0)
    return again
  }
  return {
    seal: facts,
    check,
    signer: anew(signerPlace, signer),
    ...(derivation !== undefined && { derivation: anew(derivationPlace, derivation) }),
    former: succeed(old, installation.key, installation.facts, fresh, check),
  }
}
