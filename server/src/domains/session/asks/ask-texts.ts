import type { asks } from '@claviger/api'
import type { Keeper } from '../../../keeper/client.ts'
import type { KeeperRefusal } from '../../../keeper/contract.ts'
import { ok, type Result } from '../../../kernel/result.ts'

/** What is asked, as it is shown; or why it is not. */
export type AskText = Pick<asks.SessionAsk, 'act' | 'salt' | 'unread'>

/** In the words of the API; whatever else the keeper says may be another thing in a moment. */
const why: Readonly<Record<string, AskText['unread']>> = {
  'recording.destroyed': 'destroyed',
  'keeper.forged_row': 'altered',
  'session.ask_altered': 'altered',
  'vault.does_not_open': 'altered',
}

/** Opened by the keeper, for who is there and may read them. */
export async function textsOf(
  keeper: Keeper,
  presence: string,
  ids: readonly string[],
): Promise<Result<ReadonlyMap<string, AskText>, KeeperRefusal>> {
  if (ids.length === 0) return ok(new Map())
  const opened = await keeper.ask('openAsked', { asks: [...ids], presence })
  if (!opened.ok) return opened
  return ok(
    new Map(
      opened.value.asks.map((one): [string, AskText] => [
        one.id,
        'code' in one
          ? { act: null, salt: null, unread: why[one.code] ?? 'not_now' }
          : { act: one.act as AskText['act'], salt: one.salt, unread: null },
      ]),
    ),
  )
}
