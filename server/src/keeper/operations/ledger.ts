import { ok, type Result } from '../../kernel/result.ts'
import type { ArgsOf, KeeperRefusal } from '../contract.ts'
import type { Compared } from '../ledger/compare.ts'
import { readEntries, type StoredEntry } from '../ledger/ledger.store.ts'
import { actDigest } from '../people/act-digest.ts'
import { refuse, whyNothingOpens } from '../refuse.ts'
import type { Handler } from './handler.ts'

export const append: Handler<'append'> = async ({ context, args, payload }) =>
  await payload.lend('recognise', async (together) => {
    const entries = entriesIn(args, Buffer.from(together.buffer, together.byteOffset, together.length))
    if (!entries) return refuse('keeper.malformed', 'There are not as many bytes as the entries are said to have.')
    const appended = await context.follow.inTurn<ReturnType<typeof context.notary.append>>(async () => {
      // what others signed comes first: so that no second root is ever signed for a size
      const { elected } = await context.follow.catchUp()
      if (context.divergence !== undefined) return refuse('keeper.diverged', whyNothingOpens(context.divergence))
      if (elected !== args.epoch) return refuse('ledger.not_elected', 'Another node sequences the ledger now.')
      return context.notary.append(args.first, entries)
    })
    if (!appended.ok) return appended
    for (const forged of appended.value.forged) await context.alarm('ledger_entry', forged.id, `place ${forged.place}: ${forged.why}`)
    return appended
  })

/** Views into what came along: nobody keeps them. */
function entriesIn({ first, ids, origins, bytes, tags }: ArgsOf<'append'>, together: Buffer): StoredEntry[] | undefined {
  let at = 0
  const next = (length: number): Buffer => {
    at += length
    return together.subarray(at - length, at)
  }
  const all = ids.split(' ')
  if ([origins, bytes, tags].some((one) => one.length !== all.length)) return undefined
  const read = all.map((id, index) => ({
    id,
    place: first + index,
    origin: origins[index] ?? '',
    bytes: next(bytes[index] ?? 0),
    tag: next(tags[index] ?? 0),
  }))
  return at === together.length ? read : undefined
}

export const follow: Handler<'follow'> = async ({ context }) => {
  await context.follow.inTurn(() => context.follow.catchUp())
  if (context.divergence !== undefined) return refuse('keeper.diverged', whyNothingOpens(context.divergence))
  return ok({ size: context.notary.size, note: context.notary.note })
}

export const compare: Handler<'compare'> = async ({ context, args }) =>
  await context.follow.inTurn<Result<{ compared: Compared }, KeeperRefusal>>(async () => {
    try {
      await context.follow.catchUp()
    } catch (error) {
      context.compare.interrupted()
      throw error
    }
    if (context.divergence !== undefined) return refuse('keeper.diverged', whyNothingOpens(context.divergence))
    const compared = context.compare.with(args.note, args.peer)
    if (compared.ok) return ok({ compared: compared.value })
    if (compared.error === 'not ours')
      return refuse(
        'ledger.not_ours',
        `${args.peer} showed a checkpoint that no keeper of this installation signed. Is it one of its servers?`,
      )
    await context.follow.stop(compared.error.why)
    return refuse('keeper.diverged', whyNothingOpens(compared.error.why))
  })

const patienceMs = 10_000

export const signed: Handler<'signed'> = async ({ context, args }) => {
  if (await context.notary.whenSigned(args.entry, patienceMs)) return ok({ size: context.notary.size })
  return refuse(
    'ledger.not_sequenced',
    'The ledger did not record this within ten seconds, so nothing was given out. Look at the health page: is the server that sequences the ledger running?',
  )
}

export const officersNeeded = 2

/** Two officers take note that history was changed or put back. A new epoch begins, which voids sign-ins and grants. */
export const acknowledge: Handler<'acknowledge'> = async ({ context, args }) => {
  if (context.divergence === undefined)
    return refuse('ledger.not_diverged', 'There is nothing to acknowledge: the ledger is what was signed.')
  // for reading the officers' rows the ledger as it stands must do; their codes come from sealed seeds, their passkeys from rows that we attested.
  // A yes to one thing that is wrong is none to another
  const spent = await context.prove({ ...args, act: actDigest('acknowledge', context.divergence) })
  if (!spent.ok) return spent
  const person = await context.facts.read('person', args.person)
  if (!person.ok) return person
  if (!(person.value.content.groups as string[]).includes('security'))
    return refuse('ledger.not_an_officer', 'Only members of the security group acknowledge this.')
  context.acknowledged.add(args.person)
  if (context.acknowledged.size >= officersNeeded) {
    const adopted = await context.follow.inTurn(() =>
      context.notary.adopt(readEntries(context.pool, 1), () => void context.identity.nextEpoch(context.now())),
    )
    if (!adopted.ok) return adopted
    await context.alarm(
      'ledger',
      'epoch',
      `epoch ${context.identity.epoch} was begun by ${[...context.acknowledged].join(' and ')} after: ${context.divergence}`,
    )
    context.divergence = undefined
    context.acknowledged.clear()
  }
  return ok({ officers: context.acknowledged.size, epoch: context.identity.epoch, ready: context.divergence === undefined })
}
