import type { Keeper } from '../../keeper/client.ts'
import type { AnswerOf, KeeperRefusal } from '../../keeper/contract.ts'
import type { About, CredentialKind } from '../../kernel/credential-kinds.ts'
import type { EntryId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import type { Audit } from '../audit/index.ts'
import { credentialRead } from './events.ts'

export interface Read {
  account: string
  target: string
  credential: CredentialKind
  version: number
  public: string | null
  about: About | null
  /** When the grant ends. */
  until: string
  secret: Secret
}

export interface Asked {
  ticket: string
  /** Address of the client. */
  from: string
  credential: CredentialKind | undefined
}

interface Waiting<Shown> extends Asked {
  /** The credential was replaced between our question and the answer: asked for a second time. */
  again?: boolean
  settle(answer: Result<Shown, KeeperRefusal>): void
}

/** Reads of one credential by one ticket from one address: recognised, decided, recorded with their number, opened and shown once for all. */
interface Group<Shown> extends Asked {
  asked: Waiting<Shown>[]
}

interface Known<Shown> {
  group: Group<Shown>
  what: Recognised
}

/**
 * As many in one batch, and as many batches at once: one arrives or is answered while another one is recorded, signed and opened. Each batch costs a
 * commit, a signature and two syncs, whatever is in it: more at once would be more of them, with fewer reads in each.
 */
const mostTogether = 250
const batchesAtOnce = 2

/**
 * Reads for programs. Whatever is asked for while other reads are under way goes together: one question to the keeper, one statement into the
 * ledger, one signature, one answer. What one ticket asks for at one moment is one entry there, which says how many reads it stands for and is signed
 * before the keeper gives anything for them. `show` makes their answer, which they share; the secret is wiped behind it.
 */
export function createReads<Shown>(
  { audit, keeper }: { audit: Audit; keeper: Keeper },
  show: (read: Read) => Promise<Shown>,
): (asked: Asked) => Promise<Result<Shown, KeeperRefusal>> {
  type Ours = Known<Shown>
  const recent = createRecent()
  let waiting: Waiting<Shown>[] = []
  let running = 0

  const go = (): void => {
    while (running < batchesAtOnce && waiting.length > 0) {
      const batch = waiting.slice(0, mostTogether)
      waiting = waiting.slice(mostTogether)
      running += 1
      readTogether(batch)
        .catch(() => {
          const message = 'The ledger did not record this, so nothing was given out. Try again; if it stays so, look at the health page.'
          for (const { settle } of batch) settle(fail({ code: 'ledger.not_sequenced', message }))
        })
        .finally(() => {
          running -= 1
          go()
        })
    }
  }

  /** Whose the tickets are, and what there is to read. Those that cannot be told are answered. */
  const recognise = async (groups: readonly Group<Shown>[]): Promise<Ours[]> => {
    const known = groups.map((group) => ({ group, what: recent.of(group) }))
    const unknown = known.filter(({ what }) => !what).map(({ group }) => group)
    const told = new Map<Group<Shown>, Recognised>()
    if (unknown.length > 0) {
      const reads = unknown.map(({ from, credential }) => ({ from, ...(credential && { credential }) }))
      const answer = await keeper.ask('recogniseReads', { reads }, ticketsOf(unknown))
      for (const [at, group] of unknown.entries()) {
        const what = answer.ok ? answer.value.reads[at] : answer
        if (what?.ok && 'person' in what) {
          recent.keep(group, what)
          told.set(group, what)
        } else settleAll(group, what && !what.ok ? what.error : missing)
      }
    }
    return known.flatMap(({ group, what = told.get(group) }) => (what ? [{ group, what }] : []))
  }

  /** An entry for each group. */
  const record = async (known: readonly Ours[]): Promise<EntryId[]> =>
    await audit.noteMany(
      known.map(({ group: { asked }, what: { grant, account, credential, version, person } }) => ({
        event: credentialRead({ grant, account, credential, version, reads: asked.length }),
        by: person as PersonId,
      })),
    )

  const readTogether = async (batch: readonly Waiting<Shown>[]): Promise<void> => {
    const [good, later] = togetherAtMost(await recognise(alike(batch)))
    for (const { group } of later) for (const asked of group.asked) put(asked)
    if (good.length === 0) return
    const entries = await record(good)
    const asking = good.map(({ group: { from, asked }, what: { credential, version } }, at) => ({
      ...{ from, credential, version },
      ...{ entry: entries[at] ?? '', reads: asked.length },
    }))
    const answer = await keeper.ask('readCredentials', { reads: asking }, ticketsOf(good.map(({ group }) => group)))
    if (!answer.ok) {
      for (const { group } of good) settleAll(group, answer.error)
      return
    }
    const { reads, payload = new Secret(new Uint8Array()) } = answer.value
    await payload.use('show-to-holder', async (bytes) => {
      let from = 0
      for (const [at, known] of good.entries()) {
        const read = reads[at]
        if (read?.ok) {
          const secret = new Secret(Uint8Array.from(bytes.subarray(from, from + read.length)))
          from += read.length
          await give(known, read, secret)
          continue
        }
        recent.forget(known.group)
        for (const asked of known.group.asked)
          if (read?.error.code === 'keeper.stale' && !asked.again) put({ ...asked, again: true })
          else asked.settle(fail(read?.error ?? missing))
      }
    })
  }

  const give = async ({ group, what }: Ours, read: Given, secret: Secret): Promise<void> => {
    const { name: account, target, credential, version } = what
    const { public: line, about, endsAt: until } = read
    try {
      const answer = ok(await show({ account, target, credential, version, public: line, about, until, secret }))
      for (const { settle } of group.asked) settle(answer)
    } finally {
      secret.wipe()
    }
  }

  const put = (one: Waiting<Shown>): void => {
    waiting.push(one)
    // what else arrives in this turn goes with it
    if (waiting.length === 1) setImmediate(go)
  }
  return (asked) => new Promise((settle) => put({ ...asked, settle }))
}

/** Bytes that one answer of the keeper carries at most: of files 250 would be more than its socket takes in one piece. One always goes. */
const mostBytes = 4 << 20

function togetherAtMost<Shown>(known: readonly Known<Shown>[]): [now: Known<Shown>[], later: Known<Shown>[]] {
  let bytes = 0
  let fits = 0
  for (const { what } of known) {
    bytes += what.size
    if (bytes > mostBytes && fits > 0) break
    fits += 1
  }
  return [known.slice(0, fits), known.slice(fits)]
}

/** What an entry says of a ticket is asked for once a second. The keeper decides for each read whether that is so. */
const keptMs = 1_000
const mostKept = 10_000

function createRecent() {
  const kept = new Map<string, { what: Recognised; at: number }>()
  // by its hash: what is kept opens nothing
  const keyOf = ({ ticket, from, credential }: Asked) => `${sha256(ticket).toString('base64')} ${from} ${credential ?? ''}`
  return {
    of(asked: Asked): Recognised | undefined {
      const known = kept.get(keyOf(asked))
      return known && performance.now() - known.at < keptMs ? known.what : undefined
    },
    keep(asked: Asked, what: Recognised): void {
      if (kept.size >= mostKept) kept.clear()
      kept.set(keyOf(asked), { what, at: performance.now() })
    },
    forget: (asked: Asked) => void kept.delete(keyOf(asked)),
  }
}

type Given = Extract<AnswerOf<'readCredentials'>['reads'][number], { ok: true }>
type Recognised = Extract<AnswerOf<'recogniseReads'>['reads'][number], { ok: true }>
const missing: KeeperRefusal = { code: 'keeper.failed', message: 'The keeper gave no answer to this. Try again.' }

function settleAll<Shown>({ asked }: Group<Shown>, error: KeeperRefusal): void {
  const answer = fail(error)
  for (const { settle } of asked) settle(answer)
}

function alike<Shown>(batch: readonly Waiting<Shown>[]): Group<Shown>[] {
  const groups = new Map<string, Group<Shown>>()
  for (const one of batch) {
    const { ticket, from, credential } = one
    const key = `${ticket} ${from} ${credential ?? ''}`
    const group = groups.get(key)
    if (group) group.asked.push(one)
    else groups.set(key, { ticket, from, credential, asked: [one] })
  }
  return [...groups.values()]
}

/** One behind the other; all have one length, or they are none. */
const ticketsOf = (batch: readonly { ticket: string }[]): Secret => Secret.fromText(batch.map(({ ticket }) => ticket).join(''))
