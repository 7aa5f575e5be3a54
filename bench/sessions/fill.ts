import { granted } from '../../server/src/keeper/test/access.ts'
import type { World } from '../../server/src/keeper/test/world.ts'
import { tokenBytes, tokensOf, wordKey } from '../../server/src/keeper/vault/word-keys.ts'

/** Months back over which the sessions are spread. */
export const months = 12
/** Different words that people use, and of these in each session. */
const [vocabulary, wordsOfEach] = [20_000, 60]
const atOnce = 1_000

export const wordNumber = (n: number): string => `word${n.toString(36)}`

/** A grant, sessions under it without files of recordings, and the hashes of their words as the keeper makes them: the first words are the most frequent ones. */
export async function fill(world: World, sessions: number, say: (line: string) => void): Promise<string> {
  const grant = String((await granted(world, world.alice, world.deploy, world.bob)).grant.id)
  await world.sql(
    `insert into session (id, grant_id, person_id, account_id, door, kind, source, recording_id, header_hash, opened_at, state, ended_at, end_reason, exit_status, revision, mac)
     select 'ses_' || lpad(i::text, 10, 'a'), $1, $2, $3, 'ssh', 'shell', '192.0.2.9', 'rec_' || lpad(i::text, 10, 'a'), '', now() - i * ($4::interval / $5::int), 'ended', now(), 'closed', 0, 1, ''
     from generate_series(1, $5::int) i`,
    [grant, world.alice.id, world.deploy.id, `${months * 30} days`, sessions],
  )
  await world.sql(
    `insert into recording (id, session_id, file, state, head) select recording_id, id, recording_id || '.clvr', 'sealed', '' from session`,
  )
  await world.sql(
    `insert into recording_words (recording_id, n, state) select recording_id, row_number() over (order by opened_at), 'found' from session`,
  )
  const words = Array.from({ length: vocabulary }, (_, n) => wordNumber(n))
  const tokens = new Map<string, Buffer>()
  const tokensIn = async (month: string): Promise<Buffer> => {
    const known = tokens.get(month)
    if (known) return known
    const key = await wordKey(world.inside.context.vault, month)
    if (!key.ok) throw new Error(key.error.message)
    const made = tokensOf(key.value, words)
    tokens.set(month, made)
    return made
  }
  const next = random()
  for (let n = 1; n <= sessions; n += atOnce) {
    const rows = (await world.sql(
      'select w.n, s.opened_at as at from recording_words w join session s using (recording_id) where w.n >= $1 and w.n < $2',
      [n, n + atOnce],
    )) as { n: number; at: Date }[]
    const [token, at, number]: [string[], number[], number[]] = [[], [], []]
    for (const row of rows) {
      const ofMonth = await tokensIn(row.at.toISOString().slice(0, 7))
      const used = new Set<number>()
      // as in any text: the n-th word is an n-th as frequent as the first
      while (used.size < wordsOfEach) used.add(Math.min(vocabulary - 1, Math.floor(vocabulary ** next()) - 1))
      for (const one of used) {
        token.push(String(ofMonth.readBigInt64BE(one * tokenBytes)))
        at.push(Math.floor(row.at.getTime() / 1000))
        number.push(row.n)
      }
    }
    await world.sql('insert into session_word (token, at, n) select * from unnest($1::bigint[], $2::int[], $3::int[])', [token, at, number])
    if (n % 20_000 === 1) say(`search.words: ${n - 1} of ${sessions} sessions have their words`)
  }
  await world.sql('analyze session_word')
  return grant
}

/** The same numbers each time: mulberry32. */
function random(seed = 7): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
