import type { AnswerOf, signInLinks as api } from '@claviger/api'
import { addressOf, oneAddress } from './addresses.ts'
import type { LinkRow } from './links.store.ts'

export type ShownLink = AnswerOf<typeof api.signInLink>

/** As its person sees it who has to decide: everything but the number, which stands in the terminal and is for them to say. */
export function showLink(row: LinkRow, browser: string, now: Date): ShownLink {
  const expired = row.state === 'waiting' && row.expires_at <= now
  return {
    ...{ code: row.display_code, door: 'ssh', account: row.account, target: row.target },
    ...{ address: row.source.replace(/:\d+$/, ''), here: addressOf(row.source) === oneAddress(browser), client: row.client },
    shown: row.shown === '' ? null : row.shown,
    ...{ askedAt: row.asked_at.toISOString(), expiresAt: row.expires_at.toISOString() },
    state: expired ? 'over' : row.state,
  }
}
