import { AsyncLocalStorage } from 'node:async_hooks'
import type { Keeper } from '../../../keeper/client.ts'
import { passkeyAsked } from '../../../keeper/contract.ts'
import type { FactContent } from '../../../keeper/facts/fact.ts'
import { rowsDigest } from '../../../keeper/people/act-digest.ts'
import type { Result } from '../../../kernel/result.ts'
import type { Audit } from '../../audit/index.ts'

/** One act that takes a fresh code: what it was when it was asked for. */
interface Asked {
  act: string
  digest?: string
}

/**
 * Has each act that brings rows with a fresh code run as one with a passkey does: as far as the keeper, which asks, all of it rolled back, and then once more. It
 * has to be the same act then, or no passkey's yes is good for it: whatever test does the act with a code finds that out.
 */
export function askedFirst({ keeper, audit, now }: { keeper: Keeper; audit: Audit; now: () => Date }): { keeper: Keeper; audit: Audit } {
  const acts = new AsyncLocalStorage<Asked>()
  const ask = async (...given: Parameters<Keeper['ask']>) => {
    const [operation, args] = given as unknown as ['attest', Parameters<typeof keeper.ask<'attest'>>[1]]
    const asked = acts.getStore()
    if (operation !== 'attest' || args.authority.by !== 'stepUp' || !asked) return await keeper.ask(...given)
    const digest = rowsDigest(
      args.rows.map(({ kind, revision, content }) => ({ kind, revision, content: content as FactContent })),
      now(),
    )
    if (asked.digest === undefined) {
      asked.digest = digest
      return { ok: false, error: { code: passkeyAsked, message: 'Is it this?' } }
    }
    if (asked.digest !== digest)
      throw new Error(
        `${asked.act} is another act each time that it is asked for, so no passkey does it: something in its rows is drawn anew. Add that to drawnAnew (keeper/people/act-digest.ts): ${JSON.stringify(args.rows)}`,
      )
    return await keeper.ask(...given)
  }
  const act = async <T, E extends { code: string }>(...given: Parameters<typeof audit.act<T, E>>): Promise<Result<T, E>> => {
    const asked: Asked = { act: given[0].act }
    return await acts.run(asked, async () => {
      const first = await audit.act(...given)
      return !first.ok && first.error.code === passkeyAsked && asked.digest !== undefined ? await audit.act(...given) : first
    })
  }
  const asking: Keeper = {
    ...keeper,
    get open() {
      return keeper.open
    },
    ask: ask as Keeper['ask'],
  }
  return { keeper: asking, audit: { ...audit, act } }
}
