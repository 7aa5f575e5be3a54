import type { AnswerOf, session } from '@claviger/api'
import type { Tone } from './access.ts'

type Session = session.Session
type Verified = AnswerOf<typeof session.replayCommands>['verified']

export const doorWords = { ssh: 'SSH', postgres: 'PostgreSQL' } as const

/** What was opened: a shell, one command, or a database. */
export function whatIn(s: Pick<Session, 'kind' | 'database'>): string {
  if (s.kind === 'sql') return s.database ? `database ${s.database}` : 'SQL'
  return s.kind === 'shell' ? 'a shell' : 'one command'
}

export function stateOf(s: Session): { word: string; tone: Tone } {
  const states = {
    opening: { word: 'Opening', tone: 'wait' },
    running: { word: 'Running', tone: 'good' },
    ended: { word: 'Ended', tone: 'over' },
    interrupted: { word: 'Interrupted', tone: 'bad' },
    refused: { word: 'Refused', tone: 'bad' },
  } as const
  return states[s.state]
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

/** How long a session was, or has been so far, in seconds. */
export const lengthOf = (s: Session, now: number): number =>
  Math.max(0, ((s.endedAt ? Date.parse(s.endedAt) : now) - Date.parse(s.openedAt)) / 1000)

/** What of the typing can be seen in a replay, in one sentence. Unproven: the target did not echo it, so it may be a password. */
export function keystrokesInWords({ proven, unproven }: { proven: number; unproven: number }): string {
  const shown = `${proven} keystroke${proven === 1 ? ' was' : 's were'} echoed by the target and can be seen here`
  if (unproven === 0) return `${shown}; nothing was typed unseen.`
  return `${shown}; ${unproven} ${unproven === 1 ? 'was' : 'were'} not (passwords, for example) and ${unproven === 1 ? 'stays' : 'stay'} sealed until two officers together open ${unproven === 1 ? 'it' : 'them'}.`
}

const ended = (sentence: string) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`)

/** What checking the sealed file said. An interrupted recording that holds is whole up to where it was cut. */
export function verificationInWords(v: Verified): { word: string; tone: Tone; sentence: string } {
  if (!v.ok) return { word: 'Does not verify', tone: 'bad', sentence: ended(v.message) }
  const chunks = `${v.chunks} chunk${v.chunks === 1 ? '' : 's'}`
  if (v.interrupted)
    return {
      word: 'Verified, interrupted',
      tone: 'wait',
      sentence: `All ${chunks} hold together; the recording was cut short: ${ended(v.message)}`,
    }
  return { word: 'Verified', tone: 'good', sentence: `All ${chunks} hold together, unchanged since they were sealed.` }
}
