import type { LiveSession, SessionTerms } from '../../gateways/contract.ts'
import { canonical, type Plain } from '../../kernel/canonical.ts'
import type { Secret } from '../../kernel/secret.ts'
import { type Manifest, maskingRecorder, type RecordingWriter } from '../recording/index.ts'
import { createHolding } from './asks/hold-act.ts'
import { ended, fileDemanded, impostorSeen, opened, recordingHead } from './events.ts'
import { type Notes, noteFiles } from './file-notes.ts'
import { followGrant } from './follow-grant.ts'
import { forwardConnections } from './forward-connections.ts'
import { grantWords } from './grant-word.ts'
import { inSessionOf } from './in-session.ts'
import { judgeFiles } from './judge-files.ts'
import { judgeQueries } from './judge-queries.ts'
import { keptResults } from './kept-results.ts'
import { obeyEnds } from './live/obey-ends.ts'
import { type Oversight, oversee } from './live/oversee.ts'
import { noticePolicies } from './notice-policies.ts'
import { offerAgain } from './offer-again.ts'
import { noticeOf, type Opening, type OpenSessionDeps, type Released } from './opening.ts'
import { releaseNewer } from './release-credential.ts'
import { watchRules } from './rules/watch-rules.ts'
import { setSessionState, setSessionTerms, updateRecording } from './session.store.ts'
import { watchEnd } from './session-end.ts'
import { keepState } from './session-state.ts'
import { watchOutages } from './watch-outages.ts'

/** How often the ledger learns how far a recording is, so that a kill followed by cutting back is seen. */
const headEveryMs = 10_000
type Outcome = Parameters<LiveSession['ended']>[0]

/** From the released credential to the sealed recording. */
export async function goLive(deps: OpenSessionDeps, so: Required<Opening>): Promise<LiveSession> {
  const { db, audit, log } = deps
  const { row, writer, released, admitted, intent } = so
  let held = await hold(writer, released)

  const { supervised, longestSeconds } = released.terms
  const holding = createHolding(deps)
  const state = keepState(deps, so)
  const oversight = oversee(deps, {
    ...{ session: row.id, person: row.person_id, writer, observing: so.observing },
    held: () => holding.lapse('suspended'),
    ...(supervised && { supervised: { changed: (by) => state.observed(by) } }),
  })
  const until = { until: released.endsAt, longestMs: longestSeconds * 1000 }
  const attend = () => {
    oversight.attend()
    holding.attend()
  }
  const ends = obeyEnds(deps, row.id, (reason) => end.cut(reason))
  const end = watchEnd(deps, row.id, row.grant_id, until, { attend, look: () => noticing.look(), ordered: ends.ordered })
  const noticing = noticePolicies(deps, so, end.cut)
  end.onExtended(state.endsIn)
  end.onCut(holding.close)
  const outage = watchOutages(deps, so.tier, end.cut)
  writer.onFailure((failure) => {
    log(`recording ${row.recording_id} cannot be written (${failure.code}): its session ends`)
    end.cut('recording_failed')
  })
  const heads = setInterval(
    () => void noteHead(deps, so).catch((error: unknown) => log(`a recording's head was not recorded: ${String(error)}`)),
    headEveryMs,
  )

  const leave = so.growing ? deps.ahead?.follow(so.growing) : undefined

  const letGo = (): void => {
    holding.close()
    clearInterval(heads)
    leave?.()
    outage.stop()
    noticing.stop()
    ends.stop()
    end.leave()
    held.scrub?.wipe()
    held.released.secret.wipe()
  }
  let notice: string
  try {
    await db.transaction().execute(async (tx) => {
      await setSessionState(tx, row.id, 'running')
      await setSessionTerms(tx, row.id, released.terms, endsAt(deps, end.remainingMs()))
    })
    await audit.noteLater(
      opened({
        session: row.id,
        grant: row.grant_id,
        account: row.account_id,
        recording: row.recording_id,
        until: endsAt(deps, end.remainingMs()).toISOString(),
        supervised,
      }),
      admitted.person,
      { intent },
    )
    notice = await noticeOf(deps, so, end.remainingMs())
    // what became of the grant between the keeper's word and the moment from which it reaches us
    await followGrant(deps, row.grant_id)
    // from here on the keeper knows this grant, whatever the database shows of it
    void grantWords(deps.keeper, [row.grant_id])
  } catch (error) {
    letGo()
    oversight.stop()
    throw error
  }
  // not before it is open: a rule speaks of what is done, and nothing is done in a session that did not open
  const notes = notesOf(deps, so)
  const inSession = inSessionOf(so, holding)
  const forwards = forwardConnections(deps, inSession, writer)
  let settled: Promise<void> | undefined

  return {
    id: row.id,
    notice,
    target: {
      kind: released.target.kind,
      host: String(released.target.settings.host),
      port: Number(released.target.settings.port),
      identity: released.target.identity,
      settings: released.target.settings,
    },
    get login() {
      return loginOf(held.released)
    },
    recorder: so.withoutCards ? maskingRecorder(notes.recorder) : notes.recorder,
    get remainingMs() {
      return end.remainingMs()
    },
    get endsFor() {
      return end.endsFor()
    },
    terms: doorTerms(released.terms),
    get waiting() {
      return oversight.waiting
    },
    whenObserved: oversight.whenObserved,
    renew: (code) => deps.renew(row.id, admitted, code),
    get scrub() {
      return held.scrub
    },
    async renewLogin() {
      const newer = await releaseNewer(deps, { ...so, released: held.released })
      if (!newer) return false
      held.scrub?.wipe()
      held = await hold(writer, newer)
      return true
    },
    onCut: end.onCut,
    onExtended: end.onExtended,
    overseen: oversight.by,
    judgeFile: so.judgesFiles || (so.how.kind === 'sql' && so.how.files) ? judgeFiles(deps, inSession) : undefined,
    sendsFiles: so.sendsFiles,
    judgeQuery: so.judgesQueries && so.how.kind === 'sql' ? judgeQueries(deps, inSession, so.how.database) : undefined,
    keepResults: keptResults(so),
    get asks() {
      return holding.waits
    },
    forward: forwards.forward,
    async ended(outcome) {
      settled ??= settle(deps, so, outcome, letGo, [notes, forwards], oversight)
      await settled
    },
  }
}

const endsAt = ({ clock }: OpenSessionDeps, remainingMs: number) => new Date(clock.now().getTime() + remainingMs)
const doorTerms = ({ idleSeconds, finishSeconds }: Released['terms']): SessionTerms => ({
  idleMs: idleSeconds * 1000,
  finishMs: finishSeconds * 1000,
})

/** What stands in the ledger of what is done in here: each file, and what a rule saw. */
function notesOf(deps: OpenSessionDeps, { row, writer, admitted, intent, how, sendsFiles }: Required<Opening>): Notes {
  const { command, application } = { command: undefined, application: undefined, ...how }
  const of = { session: row.id, person: admitted.person, intent }
  const watched = {
    writer,
    elapsed: () => writer.elapsed(),
    onCommand: (callback: (text: string, seconds: number) => void) => writer.onCommand(callback),
    filesOfPerson: row.kind === 'sql',
  }
  // what scp says is seen by its files
  const begun = row.kind === 'files' ? {} : { command, application }
  const rules = watchRules(deps, { ...of, account: row.account_id }, begun, watched)
  if (row.kind !== 'files' && !sendsFiles) return rules
  const files = noteFiles(deps, of, rules.recorder)
  return { recorder: files.recorder, drained: async () => void (await Promise.all([files.drained(), rules.drained()])) }
}

/** What of a released credential is kept while the session runs: a copy of a password, to find it in what the target says. */
async function hold(writer: RecordingWriter, released: Released): Promise<{ released: Released; scrub: Secret | undefined }> {
  const scrub = released.credential === 'password' ? released.secret.copy() : undefined
  if (scrub) await writer.scrub(scrub)
  return { released, scrub }
}

const loginOf = ({ account, credential: kind, secret, publicKey }: Released): LiveSession['login'] => ({
  account,
  credential:
    kind === 'ssh-certificate'
      ? { kind: 'ssh-key', secret, certificate: publicKey ?? '' }
      : { kind, secret, ...(publicKey !== null && { publicKey }) },
})

async function noteHead({ db, audit }: OpenSessionDeps, { row, writer, admitted, intent }: Required<Opening>): Promise<void> {
  const { chunks, head, bytes } = writer.head()
  await db.transaction().execute((tx) => updateRecording(tx, row.recording_id, { chunks, head, bytes }))
  await audit.noteLater(recordingHead({ recording: row.recording_id, chunks, head }), admitted.person, { intent })
}

async function settle(
  deps: OpenSessionDeps,
  so: Required<Opening>,
  outcome: Outcome,
  cleanUp: () => void,
  notes: readonly Pick<Notes, 'drained'>[],
  oversight: Oversight,
): Promise<void> {
  cleanUp()
  const at = deps.clock.now()
  const manifest = await so.writer.close()
  await Promise.all([...notes.map((one) => one.drained()), oversight.finish()])
  const written = await offerAgain(deps, `the end of session ${so.row.id}`, () => writeOutcome(deps, so, outcome, manifest, at))
  if (written) deps.whenOver?.()
}

async function writeOutcome(
  { db, audit, keeper }: OpenSessionDeps,
  { row, released, admitted, intent }: Required<Opening>,
  outcome: Outcome,
  manifest: Manifest,
  at: Date,
): Promise<void> {
  const text = canonical({ ...manifest, participants: [row.person_id], grant: row.grant_id } as unknown as Plain)
  const signed = await keeper.ask('signManifest', { recording: row.recording_id, manifest: text })
  if (!signed.ok) throw new Error(signed.error.message)
  const { signature } = signed.value
  const event = ended({
    session: row.id,
    grant: row.grant_id,
    reason: outcome.reason,
    exitStatus: outcome.exitStatus ?? null,
    recording: row.recording_id,
    manifest: text,
    signature,
    detail: outcome.detail ?? null,
  })
  // a kill between the two would leave an intent without its outcome, and nobody who looks for it
  await db.transaction().execute(async (tx) => {
    const { chunks, head, bytes, durations } = manifest
    const state = manifest.complete ? 'sealed' : 'interrupted'
    await updateRecording(tx, row.recording_id, {
      state,
      chunks,
      head,
      bytes,
      seconds: durations.monotonic / 1000,
      manifest: text,
      signature: Buffer.from(signature, 'base64'),
    })
    await setSessionState(tx, row.id, 'ended', { at, reason: outcome.reason, exitStatus: outcome.exitStatus })
    if (outcome.reason === 'target_impostor')
      await audit.noteIn(tx, impostorSeen({ target: released.target.name, during: 'session', session: row.id }), admitted.person, {
        phase: 'alarm',
        intent,
      })
    if (outcome.alarm === 'file_demanded')
      await audit.noteIn(tx, fileDemanded({ target: released.target.name, session: row.id }), admitted.person, { phase: 'alarm', intent })
    await audit.noteIn(tx, event, admitted.person, { phase: 'outcome', intent })
  })
}
