import type pg from 'pg'
import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { hmacSha256, keyOf } from '../../platform/crypto/hash.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { Vault } from './vault.ts'
import { currentBetween } from './words.store.ts'

/*
 * The keys under which words of recordings are hashed: one for each month, so that hashes of one month say nothing about those of another, and a
 * month can be made unfindable by destroying its key.
 */

export type WordKey = ReturnType<typeof keyOf>

const owner = (month: string) => ({ kind: 'words', id: month, what: 'word-key' })

/** Bytes of a hash that are kept: enough for few false finds, too few to prove that a word was said. */
export const tokenBytes = 8

/** The key of a month; made where there is none yet. */
export async function wordKey(vault: Vault, month: string): Promise<Result<WordKey, KeeperRefusal>> {
  if (!(await vault.find(owner(month), 'current')))
    // two keepers at once: one of them is second, and takes the other's
    await vault.put(owner(month), 'recordings', new Secret(randomSecretBytes(32)), { state: 'current' }).catch(async (error: unknown) => {
      if (!(await vault.find(owner(month), 'current'))) throw error
    })
  const opened = await vault.openState(owner(month), 'current')
  return opened.ok ? ok(await opened.value.secret.use('sign', (bytes) => keyOf(bytes))) : opened
}

/** The keys that there are of these months, newest first. */
export async function wordKeysBetween(
  { vault, pool }: { vault: Vault; pool: pg.Pool },
  since: string,
  until: string,
): Promise<Result<{ month: string; key: WordKey }[], KeeperRefusal>> {
  const keys: { month: string; key: WordKey }[] = []
  for (const row of await currentBetween(pool, owner(since), until)) {
    const opened = await vault.open(row)
    if (!opened.ok) return opened
    keys.push({ month: row.owner_id, key: await opened.value.secret.use('sign', (bytes) => keyOf(bytes)) })
  }
  return ok(keys)
}

/** The beginnings of the words' MACs, one behind the other. */
export function tokensOf(key: WordKey, words: readonly string[]): Buffer {
  const tokens = Buffer.alloc(words.length * tokenBytes)
  for (const [i, word] of words.entries()) hmacSha256(key, word).copy(tokens, i * tokenBytes, 0, tokenBytes)
  return tokens
}
