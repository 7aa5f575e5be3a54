import type { Keeper } from '../../keeper/client.ts'
import type { AnswerOf, KeeperRefusal } from '../../keeper/contract.ts'
import type { About, CredentialKind } from '../../kernel/credential-kinds.ts'
import type { PersonId } from '../../kernel/id.ts'
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

/** As many in one batch, and as many batches at once: one is recorded while another is signed and a third one is opened. */
const mostTogether = 250
const batchesAtOnce = 4

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
  const recognise = async (batch: readonly Waiting[]): Promise<{ asked: Waiting; what: Recognised }[]> => {
    const known = batch.map((asked) => ({ asked, what: recent.of(asked) }))
    const unknown = known.filter(({ what }) => !what).map(({ asked }) => asked)
    const told = new Map<Waiting, Recognised>()
    if (unknown.length > 0) {
      const reads = unknown.map(({ from, credential }) => ({ from, ...(credential && { credential }) }))
      const answer = await keeper.ask('recogniseReads', { reads }, ticketsOf(unknown))
      for (const [at, asked] of unknown.entries()) {
        const what = answer.ok ? answer.value.reads[at] : answer
        if (what?.ok && 'person' in what) {
          recent.keep(asked, what)
          told.set(asked, what)
        } else asked.settle(fail(what && !what.ok ? what.error : missing))
      }
    }
    return known.flatMap(({ asked, what = told.get(asked) }) => (what ? [{ asked, what }] : []))
  }

  const readTogether = async (batch: readonly Waiting[]): Promise<void> => {
    const [good, later] = togetherAtMost(await recognise(batch))
    for (const { asked } of later) put(asked)
    if (good.length === 0) return
    const entries = await audit.noteMany(
      good.map(({ what: { grant, account, credential, version, person } }) => ({
        event: credentialRead({ grant, account, credential, version }),
        by: person as PersonId,
      })),
    )
    const answer = await keeper.ask(
      'readCredentials',
      {
        reads: good.map(({ asked: { from }, what: { credential, version } }, at) => ({
          from,
          entry: entries[at] as string,
          credential,
          version,
        })),
      },
      ticketsOf(good.map(({ asked }) => asked)),
    )
    if (!answer.ok) {
      for (const { asked } of good) asked.settle(answer)
      return
    }
    const { reads, payload = new Secret(new Uint8Array()) } = answer.value
    await payload.use('show-to-holder', (bytes) => {
      let from = 0
      for (const [at, { asked, what }] of good.entries()) {
        const read = reads[at]
        if (!read?.ok) {
          recent.forget(asked)
          if (read?.error.code === 'keeper.stale' && !asked.again) put({ ...asked, again: true })
          else asked.settle(fail(read?.error ?? missing))
          continue
        }
        const secret = new Secret(Uint8Array.from(bytes.subarray(from, from + read.length)))
        from += read.length
        const { name: account, target, credential, version } = what
        asked.settle(
          ok({ account, target, credential, version, ...{ public: read.public, about: read.about }, until: read.endsAt, secret }),
        )
      }
    })
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

function togetherAtMost<T extends { what: Recognised }>(known: readonly T[]): [now: T[], later: T[]] {
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

type Recognised = Extract<AnswerOf<'recogniseReads'>['reads'][number], { ok: true }>
const missing: KeeperRefusal = { code: 'keeper.failed', message: 'The keeper gave no answer to this. Try again.' }

/** One behind the other; all have one length, or they are none. */
const ticketsOf = (batch: readonly { ticket: string }[]): Secret => Secret.fromText(batch.map(({ ticket }) => ticket).join(''))
