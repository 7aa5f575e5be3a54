import type { AnswerOf, session } from '@claviger/api'
import type { Tone } from './access.ts'
import { inWords } from './duration.ts'

type Session = session.Session
type Verified = AnswerOf<typeof session.replayCommands>['verified']

export const doorWords = { ssh: 'SSH', postgres: 'PostgreSQL', mysql: 'MySQL' } as const

/** What was opened: a shell, one command, a transfer of files, or a database. */
export function whatIn(s: Pick<Session, 'kind' | 'database'>): string {
  if (s.kind === 'sql') return s.database ? `database ${s.database}` : 'SQL'
  return s.kind === 'files' ? 'files' : s.kind === 'forward' ? 'connections' : s.kind === 'shell' ? 'a shell' : 'one command'
}

export function stateOf(s: Session): { word: string; tone: Tone } {
  const states = {
    opening: { word: 'Opening', tone: 'wait' },
    running: { word: 'Running', tone: 'good' },
    ended: { word: 'Ended', tone: 'over' },
    interrupted: { word: 'Interrupted', tone: 'bad' },
    refused: { word: 'Refused', tone: 'bad' },
  } as const
  if (s.unobserved) return { word: 'Waits for an observer', tone: 'wait' }
  return s.suspended ? { word: 'Suspended', tone: 'wait' } : states[s.state]
}

export function recordingState(s: Session): { word: string; tone: Tone } {
  if (!s.recording) return { word: 'None', tone: 'bad' }
  const states = {
    running: { word: 'Recording', tone: 'good' },
    sealed: { word: 'Sealed', tone: 'over' },
    interrupted: { word: 'Interrupted', tone: 'bad' },
  } as const
  return states[s.recording.state]
}

const endings: Record<string, string> = {
  closed: 'the person left',
  grant_ended: 'its grant ended',
  grant_unattested: 'something became of its grant, and what could not be checked',
  duration_over: 'it lasted as long as policy allows',
  ended_by_officer: 'an officer ended it',
  ended_unattested: 'its end was ordered, and who did that could not be checked',
  database_away: 'Claviger was without its database for too long',
  spool_full: 'recordings could not be taken to their bucket, and no more may wait',
  idle: 'nothing passed for too long',
  recording_failed: 'it could not be recorded',
  not_understood: 'what passed was no SFTP',
  policy_changed: 'policies changed and look at what is done there, which they did not when it began',
  shutting_down: 'the server stopped',
  target_failed: 'the target failed',
  target_impostor: 'the target did not prove who it is',
  interrupted: 'the server was cut off',
}
/** Why a session is over, as the end of "Ended: …". */
export const endingInWords = (reason: string): string => endings[reason] ?? reason

/** What is left of a session that runs, in seconds; null where it does not. */
export const leftOf = (s: Pick<Session, 'endsAt'>, now: number): number | null =>
  s.endsAt === null ? null : Math.max(0, (Date.parse(s.endsAt) - now) / 1000)

/** What ends it sooner, and what becomes then of what runs. */
export function limitsInWords(s: Pick<Session, 'idleSeconds' | 'finishSeconds' | 'kind' | 'door'>): string {
  const idle = s.idleSeconds === null ? '' : `sooner when nothing passes for ${inWords(s.idleSeconds)}; `
  if (s.kind !== 'sql') return `${idle}what runs then is cut off`
  const finish = s.finishSeconds
    ? `a statement that runs then may go on for ${inWords(s.finishSeconds)}`
    : 'a statement that runs then is cut off'
  return `${idle}${finish}${s.door === 'mysql' ? '. MySQL cannot warn before it' : ''}`
}

export const chunksInWords = (count: number): string => `${count} chunk${count === 1 ? '' : 's'}`

/** How long a session was, or has been so far, in seconds. */
export const lengthOf = (s: Session, now: number): number =>
  Math.max(0, ((s.endedAt ? Date.parse(s.endedAt) : now) - Date.parse(s.openedAt)) / 1000)

/** What of the typing can be seen in a replay, in one sentence. Unproven: the target did not echo it, so it may be a password. */
export function keystrokesInWords({ proven, unproven }: { proven: number; unproven: number }): string {
  if (proven + unproven === 0) return 'Nothing was typed.'
  const shown = `${proven} keystroke${proven === 1 ? ' was' : 's were'} echoed by the target and can be seen here`
  if (unproven === 0) return `${shown}; nothing was typed unseen.`
  return `${shown}; ${unproven} ${unproven === 1 ? 'was' : 'were'} not (passwords, for example) and ${unproven === 1 ? 'stays' : 'stay'} sealed until two officers together open ${unproven === 1 ? 'it' : 'them'}.`
}

const ended = (sentence: string) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`)

/** What checking the sealed file said. One that has no end is whole up to where it was cut, or up to now while its session is `live`. */
export function verificationInWords(v: Verified, live = false): { word: string; tone: Tone; sentence: string } {
  if (!v.ok) return { word: 'Does not verify', tone: 'bad', sentence: ended(v.message) }
  const held = v.chunks === 1 ? 'Its one chunk holds' : `All ${v.chunks} chunks hold`
  if (v.interrupted && live)
    return { word: 'Verified so far', tone: 'good', sentence: `${held} together; the session goes on, and so does its recording.` }
  if (v.interrupted)
    return {
      word: 'Verified, interrupted',
      tone: 'wait',
      sentence: `${held} together; the recording was cut short: ${ended(v.message)}`,
    }
  return {
    word: 'Verified',
    tone: 'good',
    sentence: `${held} together, unchanged since ${v.chunks === 1 ? 'it was' : 'they were'} sealed.`,
  }
}
