import type { Keeper } from '../../keeper/client.ts'
import type { AnswerOf, KeeperRefusal } from '../../keeper/contract.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Audit } from '../audit/index.ts'
import { credentialRead } from './events.ts'

type Kind = 'password' | 'ssh-key'

export interface Read {
  account: string
  target: string
  credential: Kind
  version: number
  public: string | null
  /** When the grant ends. */
  until: string
  /** The caller wipes it. */
  secret: Secret
}

export interface Asked {
  ticket: string
  /** Address of the client. */
  from: string
  credential: Kind | undefined
}

interface Waiting extends Asked {
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

  const readTogether = async (batch: readonly Waiting[]): Promise<void> => {
    const known = await keeper.ask(
      'recogniseReads',
      { reads: batch.map(({ from, credential }) => ({ from, ...(credential && { credential }) })) },
      ticketsOf(batch),
    )
    if (!known.ok) {
      for (const { settle } of batch) settle(known)
      return
    }
    const good: { asked: Waiting; what: Recognised }[] = []
    for (const [at, asked] of batch.entries()) {
      const what = known.value.reads[at]
      if (what?.ok) good.push({ asked, what })
      else asked.settle(fail(what?.error ?? missing))
    }
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
          asked.settle(fail(read?.error ?? missing))
          continue
        }
        const secret = new Secret(Uint8Array.from(bytes.subarray(from, from + read.length)))
        from += read.length
        const { name: account, target, credential, version } = what
        asked.settle(ok({ account, target, credential, version, public: read.public, until: read.endsAt, secret }))
      }
    })
  }

  return (asked) =>
    new Promise((settle) => {
      waiting.push({ ...asked, settle })
      // what else arrives in this turn goes with it
      if (waiting.length === 1) setImmediate(go)
    })
}

type Recognised = Extract<AnswerOf<'recogniseReads'>['reads'][number], { ok: true }>
const missing: KeeperRefusal = { code: 'keeper.failed', message: 'The keeper gave no answer to this. Try again.' }

/** One behind the other; all have one length, or they are none. */
const ticketsOf = (batch: readonly { ticket: string }[]): Secret => Secret.fromText(batch.map(({ ticket }) => ticket).join(''))
