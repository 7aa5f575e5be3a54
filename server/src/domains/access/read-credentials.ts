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
  /** The caller wipes it. */
  secret: Secret
}

export interface Asked {
  ticket: string
  /** Address of the client. */
  from: string
  credential: CredentialKind | undefined
}

interface Waiting extends Asked {
  /** The credential was replaced between our question and the answer: asked for a second time. */
  again?: boolean
  settle(answer: Result<Read, KeeperRefusal>): void
}

/** Reads of one credential by one ticket: recognised, decided and opened once, and each recorded by an entry of its own. */
interface Group extends Asked {
  asked: Waiting[]
}

interface Known {
  group: Group
  what: Recognised
  /** Of its reads, in their order. */
  entries: EntryId[]
}

/**
 * As many in one batch, and as many batches at once: one arrives or is answered while another one is recorded, signed and opened. Each batch costs a
 * commit, a signature and two syncs, whatever is in it: more at once would be more of them, with fewer reads in each.
 */
const mostTogether = 250
const batchesAtOnce = 2

/**
 * Reads for programs. Whatever is asked for while other reads are under way goes together: one question to the keeper, one statement into the
 * ledger, one signature, one answer. Each read has its own entry there, which is signed before the keeper gives anything for it.
 */
export function createReads({ audit, keeper }: { audit: Audit; keeper: Keeper }): (asked: Asked) => Promise<Result<Read, KeeperRefusal>> {
  const recent = createRecent()
  let waiting: Waiting[] = []
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
  const recognise = async (groups: readonly Group[]): Promise<Known[]> => {
    const known = groups.map((group) => ({ group, what: recent.of(group) }))
    const unknown = known.filter(({ what }) => !what).map(({ group }) => group)
    const told = new Map<Group, Recognised>()
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
    return known.flatMap(({ group, what = told.get(group) }) => (what ? [{ group, what, entries: [] }] : []))
  }

  /** An entry for each read. */
  const record = async (known: readonly Known[]): Promise<void> => {
    const entries = await audit.noteMany(
      known.map(({ group, what: { grant, account, credential, version, person } }) => ({
        event: credentialRead({ grant, account, credential, version }),
        by: person as PersonId,
        times: group.asked.length,
      })),
    )
    let from = 0
    for (const one of known) {
      one.entries = entries.slice(from, from + one.group.asked.length)
      from += one.group.asked.length
    }
  }

  const readTogether = async (batch: readonly Waiting[]): Promise<void> => {
    const [good, later] = togetherAtMost(await recognise(alike(batch)))
    for (const { group } of later) for (const asked of group.asked) put(asked)
    if (good.length === 0) return
    await record(good)
    const answer = await keeper.ask(
      'readCredentials',
      { reads: good.map(({ group: { from }, what: { credential, version }, entries }) => ({ from, entries, credential, version })) },
      ticketsOf(good.map(({ group }) => group)),
    )
    if (!answer.ok) {
      for (const { group } of good) settleAll(group, answer.error)
      return
    }
    const { reads, payload = new Secret(new Uint8Array()) } = answer.value
    await payload.use('show-to-holder', (bytes) => {
      let from = 0
      for (const [at, known] of good.entries()) {
        const read = reads[at]
        if (read?.ok) {
          give(known, read, bytes.subarray(from, from + read.length))
          from += read.length
          continue
        }
        recent.forget(known.group)
        for (const asked of known.group.asked)
          if (read?.error.code === 'keeper.stale' && !asked.again) put({ ...asked, again: true })
          else asked.settle(fail(read?.error ?? missing))
      }
    })
  }

  const give = ({ group, what, entries }: Known, read: Given, bytes: Uint8Array): void => {
    const { name: account, target, credential, version } = what
    const rest = { account, target, credential, version, public: read.public, about: read.about, until: read.endsAt }
    for (const [at, asked] of group.asked.entries())
      if (read.unrecorded.includes(entries[at] as string)) asked.settle(fail(unrecorded))
      else asked.settle(ok({ ...rest, secret: new Secret(Uint8Array.from(bytes)) }))
  }

  const put = (one: Waiting): void => {
    waiting.push(one)
    // what else arrives in this turn goes with it
    if (waiting.length === 1) setImmediate(go)
  }
  return (asked) => new Promise((settle) => put({ ...asked, settle }))
}

/** Bytes that one answer of the keeper carries at most: of files 250 would be more than its socket takes in one piece. One always goes. */
const mostBytes = 4 << 20

function togetherAtMost(known: readonly Known[]): [now: Known[], later: Known[]] {
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
const unrecorded: KeeperRefusal = { code: 'keeper.no_intent', message: 'The ledger does not say that this is read. Ask again.' }
const missing: KeeperRefusal = { code: 'keeper.failed', message: 'The keeper gave no answer to this. Try again.' }

const settleAll = ({ asked }: Group, error: KeeperRefusal): void => {
  for (const one of asked) one.settle(fail(error))
}

function alike(batch: readonly Waiting[]): Group[] {
  const groups = new Map<string, Group>()
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
