import type { Admitted, Door, Grant, How, Meanwhile, Refusal, Renewal } from '../../gateways/contract.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { ProofKind } from '../../kernel/credential-kinds.ts'
import { formatDuration } from '../../kernel/duration.ts'
import type { EntryId, SessionId } from '../../kernel/id.ts'
import type { Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { Tier } from '../../kernel/tier.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import type { SessionTerms } from '../policy/index.ts'
import type { RecordingPlaces, RecordingWriter } from '../recording/index.ts'
import type { Attempts } from './attempts.ts'
import type { OutageRules, Outages } from './outages.ts'
import type { Growing } from './replay/go-on-ahead.ts'
import type { Ahead } from './replay/keep-ahead.ts'
import type { RunningSessions } from './running-sessions.ts'
import { personName, type SessionRow } from './session.store.ts'

export interface OpenSessionDeps extends RecordingPlaces {
  db: Db
  keeper: Keeper
  audit: Audit
  clock: Clock
  running: RunningSessions
  attempts: Attempts
  /** Kinds of target that each door's wire reaches. */
  reachable: { readonly [D in Door]: readonly string[] }
  /** So long a session waits for a rotation of its account that is under way, in milliseconds. */
  rotationMs: number
  /** What is away now; nothing, where nobody looks. */
  outages?: Outages | undefined
  outageRules?: OutageRules | undefined
  /** Makes outlines of terminals that run; nothing, where whoever looks into one makes it. */
  ahead?: Ahead | undefined
  /** A session is settled: its recording is over. */
  whenOver?: (() => void) | undefined
  log: (line: string) => void
  /** What no policy can make longer, in seconds. */
  limits: { idleSeconds: number; longestSeconds: number }
  /** Asks for more time under the grant of a session. */
  renew(session: SessionId, admitted: Admitted, code: string | undefined): Promise<Result<Renewal, Refusal>>
}

/** Version of the sentence that people are told before they are recorded. */
export const noticeVersion = 'en-2'

/** What is collected on the way; each step adds to it. */
export interface Opening {
  admitted: Admitted
  grant: Grant
  how: How
  /** Reaches the person before it is open. */
  meanwhile?: Meanwhile
  /** Of target and account the more critical one, as the keeper vouches. */
  tier?: Tier
  /** The target is in scope pci: card numbers are masked in whatever is written down. */
  withoutCards?: boolean
  row?: SessionRow
  writer?: RecordingWriter
  intent?: EntryId
  released?: Released
  /** Policy has something to say of the files of this session. */
  judgesFiles?: boolean
  /** The same of its statements. */
  judgesQueries?: boolean
  /** It is one of statements, and policy lets some file of the person's machine pass in it. */
  sendsFiles?: boolean
  /** Which state of the policies that was: see `RunningSessions`. */
  policiesSeen?: number
  /** With which who watches proves that they do. */
  observing?: Buffer
  /** What is to be read while it is written; nothing of a session without a terminal. */
  growing?: Growing | null
}

export interface Released {
  account: string
  credential: ProofKind | 'ssh-certificate'
  version: number
  /** The public key, or the certificate. */
  publicKey: string | null
  secret: Secret
  target: { name: string; kind: string; settings: Record<string, unknown>; identity: Record<string, string> }
  endsAt: Date
  /** The strictest of what policy and configuration say. */
  terms: SessionTerms
}

/** What everyone is told before the first byte: that it is recorded, until when it goes, and what ends it sooner. */
export async function noticeOf(
  { db, clock }: OpenSessionDeps,
  { row, released, how, withoutCards }: Required<Opening>,
  leftMs: number,
): Promise<string> {
  const name = await db.transaction().execute((tx) => personName(tx, row.person_id))
  const until = new Date(clock.now().getTime() + leftMs).toISOString().replace('T', ' ').slice(0, 19)
  const { idleSeconds, finishSeconds, resultBytes } = released.terms
  const kept =
    how.kind === 'sql' && !withoutCards && resultBytes ? ` Of what each statement gives back, ${resultBytes / 1024} KiB are kept.` : ''
  const atTheEnd =
    how.kind === 'sql'
      ? finishSeconds > 0
        ? `a statement that runs then may go on for ${formatDuration(finishSeconds)}`
        : 'a statement that runs then is cut off'
      : 'what runs then is cut off'
  return `This session is recorded: ${name} as ${released.account}@${released.target.name}, grant ${row.grant_id} until ${until} UTC (session ${row.id}). It ends sooner after ${formatDuration(idleSeconds)} without anything passing; ${atTheEnd}.${kept}`
}
