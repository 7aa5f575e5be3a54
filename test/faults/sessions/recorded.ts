import { type Call, call, session, type Transport } from '@claviger/api'
import { verifiedFiles, verifiedStatements } from '../../support/verified-list.ts'
import type { Recorded } from './judge.ts'
import { transfer } from './works/files.ts'
import type { Work } from './works/work.ts'

/** What the recording of a session holds of somebody's work: opened from the sealed bytes, wherever they lie, and checked against the ledger. */
export async function recordedOf(api: Transport, id: session.Session['id'], work: Pick<Work, 'kind' | 'marks'>): Promise<Call<Recorded>> {
  if (work.kind === 'sql') return await statements(api, id, work.marks()[0]?.text ?? '')
  if (work.kind === 'files') return await transfers(api, id)
  const commands = await call(api, session.replayCommands, { params: { id } })
  if (!commands.ok) return commands
  const cast = await call(api, session.replayCast, { params: { id } })
  if (!cast.ok) return cast
  const lines = shownBy(cast.value).split('\n').slice(0, -1)
  const from = lines.indexOf(work.marks()[0]?.text ?? '')
  return { ok: true, value: { verified: commands.value.verified, texts: from === -1 ? [] : lines.slice(from) } }
}

/** All that went to the screen. The first line of a cast says what it is, the others are `[seconds, kind, text]`. */
const shownBy = (cast: string): string =>
  cast
    .split('\n')
    .slice(1)
    .filter(Boolean)
    .map((line) => JSON.parse(line) as [number, string, string])
    .flatMap(([, kind, text]) => (kind === 'o' ? [text] : []))
    .join('')
    // a sentence for who looks at it, on a line of its own
    .replace(/\r\n\[this recording was interrupted here\]\r\n$/, '')

/** Those that were answered: their outcome has to stand there too. */
async function statements(api: Transport, id: session.Session['id'], first: string): Promise<Call<Recorded>> {
  const page = await verifiedStatements(api, id, { limit: 1 })
  if (!page.ok) return page
  const all = await call(api, session.exportStatements, { params: { id }, query: {} })
  if (!all.ok) return all
  const texts = jsonLines<session.Statement>(all.value).flatMap(({ sql, outcome }) =>
    outcome === 'ok' ? [(sql ?? '').replace(/;$/, '')] : [],
  )
  // of a client's own beginning nothing was noted
  const word = /[0-9a-f]{12}-/.exec(first)?.[0] ?? first
  return { ok: true, value: { verified: page.value.verified, texts: texts.filter((text) => text.includes(word)) } }
}

async function transfers(api: Transport, id: session.Session['id']): Promise<Call<Recorded>> {
  const page = await verifiedFiles(api, id, { limit: 1 })
  if (!page.ok) return page
  const all = await call(api, session.exportFiles, { params: { id }, query: {} })
  if (!all.ok) return all
  const texts = jsonLines<session.FileAct>(all.value).flatMap(({ op, path, bytes, sha256, outcome }) =>
    op === 'put' && outcome === 'ok' ? [transfer(path ?? '', bytes ?? null, sha256 ?? null)] : [],
  )
  return { ok: true, value: { verified: page.value.verified, texts } }
}

const jsonLines = <T>(text: string): Partial<T>[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Partial<T>)
