import { access, type Call, call, session, type Transport } from '@claviger/api'
import { verifiedStatements } from '../../support/verified-list.ts'
import type { Seen } from '../errand.ts'
import { InVain, persist } from '../patience.ts'
import type { World } from '../world.ts'
import type { Loss } from './loss.ts'

/** Grants that are over and go on: nobody in the world holds one between two errands. */
export async function openGrants({ people }: World): Promise<Loss[]> {
  const { grants } = await people.ask('alice', (api) => call(api, access.grants, { query: { state: 'active', limit: 500 } }))
  return grants
    .filter((g) => g.person.name === 'alice')
    .map((g) => ({ kind: 'grant', what: g.id, why: `given back or over, and still ${g.state} until ${g.endsAt}` }))
}

/** Sessions that are said to run though nobody is connected. A gateway that comes back has a moment to say what became of its own. */
export async function liveSessions({ people }: Pick<World, 'people'>, patienceMs: number): Promise<Loss[]> {
  try {
    await persist('sessions to be over', patienceMs / 1000, async () => {
      const { sessions } = await people.ask('dave', (api) => call(api, session.sessions, { query: { limit: 500 } }))
      const open = sessions.filter((s) => s.state === 'opening' || s.state === 'running')
      if (open.length === 0) return true
      throw new Error(open.map((s) => `${s.id} is ${s.state}`).join(', '))
    })
    return []
  } catch (error) {
    if (!(error instanceof InVain)) throw error
    return [{ kind: 'session', what: 'sessions without a connection', why: error.message }]
  }
}

/** A recording is at most a second behind life; what was seen longer before its end stands in it. */
const settledMs = 1_500

/** Recordings that do not verify, or do not hold what was seen. `known` remembers those that were looked at. */
export async function lostRecordings({ people }: World, seen: readonly Seen[], known: Set<string>): Promise<Loss[]> {
  const { sessions } = await people.ask('dave', (api) => call(api, session.sessions, { query: { limit: 500 } }))
  const losses: Loss[] = []
  for (const { id, state, kind, recording } of sessions) {
    if (known.has(id) || state === 'opening' || state === 'running') continue
    known.add(id)
    const marks = seen.filter((s) => s.session === id && (s.cutAt === undefined || s.cutAt - s.at > settledMs))
    const lost = (why: string) => losses.push({ kind: 'recording', what: `${recording?.id ?? 'none'} of ${id} (${state})`, why })
    if (!recording) {
      if (marks.length > 0) lost('it is gone')
      continue
    }
    try {
      const { verified, shows } = await people.ask('dave', (api) => (kind === 'sql' ? statementsOf(api, id) : screenOf(api, id)))
      if (!verified.ok) lost(verified.message)
      for (const { marker } of marks) if (!shows(marker)) lost(`it does not show ${marker}, seen more than a second before the end`)
    } catch (error) {
      // a session that was refused before its first byte may have nothing to show; one in which something was seen must
      if (marks.length > 0 || state !== 'refused') lost((error as Error).message)
    }
  }
  return losses
}

interface Replay {
  verified: { ok: boolean; message: string }
  shows(marker: string): boolean
}

async function screenOf(api: Transport, id: string): Promise<Call<Replay>> {
  const commands = await call(api, session.replayCommands, { params: { id } })
  if (!commands.ok) return commands
  const cast = await call(api, session.replayCast, { params: { id } })
  if (!cast.ok) return cast
  return { ok: true, value: { verified: commands.value.verified, shows: (marker) => cast.value.includes(marker) } }
}

/** A statement was seen to be answered, so that its outcome has to stand there too. */
async function statementsOf(api: Transport, id: string): Promise<Call<Replay>> {
  const page = await verifiedStatements(api, id, { limit: 1 })
  if (!page.ok) return page
  const all = await call(api, session.exportStatements, { params: { id }, query: {} })
  if (!all.ok) return all
  const lines = all.value.split('\n').filter((line) => line.includes('"sql"'))
  const statements = lines.map((line) => JSON.parse(line) as Partial<session.Statement>)
  const shows = (marker: string) => statements.some(({ sql, outcome }) => sql?.includes(marker) && outcome === 'ok')
  return { ok: true, value: { verified: page.value.verified, shows } }
}
