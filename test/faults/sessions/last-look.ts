import { access, call, session } from '@claviger/api'
import { verifyRecording } from '../../../cli/src/verify/index.ts'
import { missedCheckIns } from '../losses/check-ins.ts'
import { type EntryBytes, entriesOf, exportOf, type Kept, lostHistory } from '../losses/ledger.ts'
import type { Loss } from '../losses/loss.ts'
import { persist } from '../patience.ts'
import { judge } from '../rotation/judge.ts'
import { placesOf, type SessionWorld } from './world.ts'

const patienceSeconds = 240

/**
 * What can only be seen when all is over: every recording is in the bucket, and its bytes there verify against the exported ledger with no server
 * asked; the ledger itself verifies against what was kept before, with no intent left open; and what was given for the work is given back.
 */
export async function lastLook(world: SessionWorld, kept: Kept): Promise<Loss[]> {
  const losses = [...(await notInBucket(world))]
  const entries = entriesOf((await exportOf(world)).split('\n').filter(Boolean))
  for (const id of new Set(entries.flatMap(({ act, fields }) => (act === 'session.ended' ? [String(fields.recording)] : []))))
    losses.push(...(await unproven(world, id, entries)))
  for (const { grant } of placesOf(world))
    await world.people.ask('alice', (api) => call(api, access.endGrant, { params: { id: grant }, body: { reason: 'the work is done' } }))
  const look = async () => [...(await missedCheckIns({ ...world, accounts: accountsOf(world) })), ...(await lostHistory(world, kept))]
  const returned = persist('all to be given back', patienceSeconds, async () => ((await look()).length === 0 ? true : undefined))
  if (!(await returned.catch(() => false))) losses.push(...(await look()))
  for (const { on, account } of placesOf(world)) {
    let why = ''
    // one that is being replaced for another reason comes to its end first
    const well = persist('a credential to log in', patienceSeconds, async () => {
      const verdict = await judge(world.claviger, on, account)
      if (verdict.is === 'well') return true
      why = verdict.why
    })
    if (!(await well.catch(() => false))) losses.push({ kind: 'credential', what: `${account.name}@${on.name}`, why })
  }
  return losses
}

const accountsOf = (world: SessionWorld) =>
  placesOf(world).map(({ account, on }) => ({ ...account, target: { ...account.target, name: on.name } }))

async function notInBucket({ people }: SessionWorld): Promise<Loss[]> {
  const left = async () => {
    const { sessions } = await people.ask('dave', (api) => call(api, session.sessions, { query: { limit: 500 } }))
    return sessions.filter(({ recording }) => recording && !recording.storedIn)
  }
  const none = persist('recordings to be in the bucket', patienceSeconds, async () => ((await left()).length === 0 ? true : undefined))
  if (await none.catch(() => false)) return []
  return (await left()).map(({ id, recording }) => ({
    kind: 'recording',
    what: `${recording?.id} of ${id}`,
    why: 'it is not in the bucket',
  }))
}

/** Checked without any key and without asking the server, as an auditor would with the ledger's export beside it. */
async function unproven({ s3 }: SessionWorld, recording: string, entries: readonly EntryBytes[]): Promise<Loss[]> {
  const about = entries.filter(({ fields }) => fields.recording === recording)
  const heads = about
    .filter(({ act }) => act === 'recording.head' || act === 'session.interrupted')
    .flatMap(({ fields: { chunks, head } }) =>
      typeof chunks === 'number' && typeof head === 'string' && head !== '' ? [{ chunks, head }] : [],
    )
  const text = about.find(({ act }) => act === 'session.ended')?.fields.manifest
  const manifest = typeof text === 'string' ? JSON.parse(text) : undefined
  const lost = (why: string): Loss[] => [{ kind: 'recording', what: recording, why }]
  try {
    const { finding, vouched } = await verifyRecording(s3.file(`${recording}.clvr`), { heads, manifest })
    if (finding) return lost(finding.message)
    return vouched ? [] : lost('the ledger does not vouch for its end')
  } catch (error) {
    return lost((error as Error).message)
  }
}
