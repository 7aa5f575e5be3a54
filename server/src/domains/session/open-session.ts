import type { Admitted, Grant, How, LiveSession, Meanwhile, Refusal } from '../../gateways/contract.ts'
import { attest } from '../../keeper/attest-rows.ts'
import type { EntryId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Tier } from '../../kernel/tier.ts'
import { newId } from '../../platform/crypto/random.ts'
import { fileOf, maskCards, RecordingWriter, recordingErrorFaces } from '../recording/index.ts'
import { opening } from './events.ts'
import { judgeCommand } from './judge-command.ts'
import { presenceKey } from './live/presence-proof.ts'
import { goLive } from './live-session.ts'
import { lookAhead } from './look-ahead.ts'
import { maskingAudit } from './masking-audit.ts'
import { noticeVersion, type Opening, type OpenSessionDeps } from './opening.ts'
import { noOutages, refusesNew } from './outages.ts'
import { placeOf } from './place-of.ts'
import { releaseCredential } from './release-credential.ts'
import { insertSession, type SessionRow, setSessionIntent } from './session.store.ts'
import { takeBack } from './take-back.ts'

type Step = (deps: OpenSessionDeps, so: Opening) => Promise<Refusal | undefined>

// What stands between an admitted person and a root shell, in the order in which it is asked. The keeper asks most of it again by itself.
const steps: readonly Step[] = [
  checkRoom, // for what would be recorded, wherever it has to wait
  checkWire, // a door leads to targets that speak its wire
  checkSeat, // there is room for one more, of this person and on this target
  startRecording, // before any credential is taken: no recording, no session
  recordIntent, // attested and sequenced, with the recording's id and header
  judgeCommand, // by policy, where what will run is known already
  lookAhead, // whether policy has to be asked about what is done in it
  releaseCredential, // by the keeper, which decides for itself; after a rotation that is under way
]

export async function openSession(
  deps: OpenSessionDeps,
  admitted: Admitted,
  grant: Grant,
  how: How,
  meanwhile: Meanwhile = {},
): Promise<Result<LiveSession, Refusal>> {
  const so: Opening = { admitted, grant, how, meanwhile }
  const plain = deps
  try {
    for (const step of steps) {
      const refusal = await step(deps, so)
      if (so.withoutCards && deps === plain) deps = { ...plain, audit: maskingAudit(plain.audit) }
      if (!refusal) continue
      await takeBack(deps, so, refusal)
      return fail(refusal)
    }
    return ok(await goLive(deps, so as Required<Opening>))
  } catch (error) {
    // the database or the ledger went away in between: what was begun is taken back, and the reason goes up
    await takeBack(deps, so, { code: 'session.failed' })
    throw error
  }
}

const doorNames = { ssh: 'SSH', postgres: 'the PostgreSQL protocol', mysql: 'the MySQL protocol' } as const

async function checkRoom({ outages = noOutages }: OpenSessionDeps): Promise<Refusal | undefined> {
  return refusesNew(outages)
}

async function checkWire({ keeper, reachable }: OpenSessionDeps, so: Opening): Promise<Refusal | undefined> {
  const { admitted, grant } = so
  const granted = await keeper.ask('vouch', { rows: [{ kind: 'access_grant', id: grant.id }] })
  if (!granted.ok) return { code: granted.error.code, say: granted.error.message }
  const account = await keeper.ask('vouch', {
    rows: [{ kind: 'account', id: String((granted.value.rows[0] as { account_id?: unknown }).account_id) }],
  })
  if (!account.ok) return { code: account.error.code, say: account.error.message }
  const target = await keeper.ask('vouch', {
    rows: [{ kind: 'target', id: String((account.value.rows[0] as { target_id?: unknown }).target_id) }],
  })
  if (!target.ok) return { code: target.error.code, say: target.error.message }
  so.tier = Math.min(tierOf(account.value.rows[0]), tierOf(target.value.rows[0])) as Tier
  const { kind: named, scopes } = target.value.rows[0] as { kind?: unknown; scopes?: unknown }
  so.withoutCards = Array.isArray(scopes) && scopes.includes('pci')
  const kind = String(named)
  const { door } = admitted.attempt
  return reachable[door].includes(kind)
    ? undefined
    : {
        code: 'session.no_gateway',
        say: `Targets of kind ${kind} are not reached by ${doorNames[door]}. This door carries sessions to ${reachable[door].join(', ')} only.`,
      }
}

/** Bounded in the ledger: clients that try again all the time are what is met here. */
async function checkSeat({ keeper, attempts }: OpenSessionDeps, { grant, admitted }: Opening): Promise<Refusal | undefined> {
  const seat = await keeper.ask('seat', { grant: grant.id })
  if (seat.ok) return undefined
  const { code, message } = seat.error
  const { attempt, person } = admitted
  attempts.record(attempt.door, attempt.from, code, 'one more session', { attempt, person })
  return { code, say: message }
}

/** Text of the client's, as it may be written down. */
const storedIn = ({ withoutCards }: Opening): ((text: string) => string) => (withoutCards ? (text) => maskCards(text) : (text) => text)

/** What has no tier is critical. */
const tierOf = (row: object | undefined): Tier => {
  const { tier } = (row ?? {}) as { tier?: unknown }
  return tier === 1 || tier === 2 || tier === 3 ? tier : 0
}

async function startRecording(deps: OpenSessionDeps, so: Opening): Promise<Refusal | undefined> {
  const { keeper, clock } = deps
  const { admitted, grant, how } = so
  const stored = storedIn(so)
  const given = how.kind === 'sql' || how.kind === 'forward' ? undefined : how.command
  const command = given === undefined ? undefined : stored(given)
  const term = how.kind === 'shell' || how.kind === 'exec' ? how.term : undefined
  const session = newId('ses')
  const recording = newId('rec')
  const keys = await keeper.ask('createRecording', { recording })
  if (!keys.ok) return { code: keys.error.code, say: keys.error.message }
  const both = await (keys.value.payload ?? new Secret(new Uint8Array(64))).use('seal', (bytes) => Buffer.from(bytes))
  const path = fileOf(deps, recording)
  const viewers = new Secret(both.subarray(0, 32))
  const writer = new RecordingWriter({
    path,
    facts: {
      recording,
      session,
      columns: term?.columns ?? 80,
      rows: term?.rows ?? 24,
      keys: { viewers: `recording/${recording}/data-key`, officers: `recording/${recording}/unproven-input-key` },
    },
    keys: { viewers, officers: new Secret(both.subarray(32)) },
    clock,
    kind: how.kind === 'shell' || how.kind === 'exec' ? 'terminal' : how.kind,
    terminal: term !== undefined,
    ...(so.withoutCards && { withoutCards: true }),
    ...(command !== undefined && { command }),
  })
  so.observing = presenceKey(both.subarray(0, 32), recording)
  const started = await writer.start()
  if (!started.ok) {
    const face = recordingErrorFaces[started.error.code]
    return { code: started.error.code, say: face.say(started.error as never) }
  }
  so.writer = writer
  so.growing = term
    ? {
        ...{ path, viewers, written: () => ({ ...writer.head(), shown: writer.shown }) },
        facts: { recording, columns: term.columns, rows: term.rows, rawLines: how.kind === 'exec' },
      }
    : null
  so.row = {
    id: session,
    grant_id: grant.id,
    person_id: admitted.person,
    account_id: '' as SessionRow['account_id'],
    door: admitted.attempt.door,
    kind: how.kind,
    command: command?.slice(0, 8192) ?? null,
    source: admitted.attempt.from,
    recording_id: recording,
    header_hash: started.value.head,
    opened_at: clock.now(),
    kept_as: { target: '', kind: '', environment: '', tier: 0 },
  }
  return undefined
}

async function recordIntent({ keeper, audit }: OpenSessionDeps, so: Opening): Promise<Refusal | undefined> {
  const { admitted, row } = so
  if (!row) throw new Error('the recording comes first')
  const grant = await keeper.ask('vouch', { rows: [{ kind: 'access_grant', id: row.grant_id }] })
  if (!grant.ok) return { code: grant.error.code, say: grant.error.message }
  row.account_id = String((grant.value.rows[0] as { account_id?: unknown }).account_id) as SessionRow['account_id']
  const place = await placeOf(keeper, row.account_id)
  if (!place.ok) return { code: place.error.code, say: place.error.message }
  row.kept_as = place.value
  const attested = await attest(keeper, [{ kind: 'session', revision: 1, row: { ...row } }], {
    by: 'presence',
    presence: admitted.presence,
  })
  if (!attested.ok) return { code: attested.error.code, say: attested.error.message }
  const way = admitted.attempt.way ?? 'native'
  const database = so.how.kind === 'sql' ? storedIn(so)(so.how.database).slice(0, 63) : null
  const recorded = await audit.act<EntryId, { code: string }>(
    { act: 'session.open', by: admitted.person, about: { grant: row.grant_id } },
    async ({ tx, record }) => {
      await insertSession(tx, row, { database, way }, attested.value.macOf(row.id), `${row.recording_id}.clvr`)
      const { id, grant_id, account_id, door, kind, recording_id, header_hash, source, command } = row
      const event = opening({
        database,
        application: so.how.kind === 'sql' ? (so.how.application?.slice(0, 63) ?? null) : null,
        session: id,
        grant: grant_id,
        account: account_id,
        door,
        way,
        kind,
        recording: recording_id,
        header: header_hash,
        notice: noticeVersion,
        from: source,
        command,
      })
      const intent = await record(event, attested.value.attestations, { phase: 'intent' })
      await setSessionIntent(tx, id, intent)
      return ok(intent)
    },
  )
  if (!recorded.ok) return { code: recorded.error.code, say: 'The session could not be recorded in the ledger.' }
  so.intent = recorded.value
  return undefined
}
