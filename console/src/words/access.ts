import type { access } from '@claviger/api'
import { inWords } from './duration.ts'
import { moment } from './time.ts'

export type Tone = 'wait' | 'good' | 'bad' | 'over'
type Request = access.AccessRequest

/** What an account may do, in words; a privilege that we have no words for is shown as the target names it. */
const privilegeWords: Record<string, string> = {
  superuser: 'may do anything in the whole database server',
  createrole: 'may create roles and change their rights',
  createdb: 'may create databases',
  bypassrls: 'reads rows that row-level security hides from others',
  replication: 'may copy the whole database',
  'uid 0': 'is root: may do anything on this system',
  sudo: 'may become root with sudo',
  wheel: 'may become root',
}
export const privilegesInWords = (privileges: readonly string[]): string[] => privileges.map((p) => privilegeWords[p.toLowerCase()] ?? p)

const count = (n: number, one: string) => `${['no', 'one', 'two', 'three'][n] ?? n} ${one}${n === 1 ? '' : 's'}`

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** What policy demands, one sentence each, in the order in which an approver weighs them. */
export function obligationsInWords(o: access.Obligations, action: access.Grant['action'] = 'connect'): string[] {
  return [
    o.approvals === 0
      ? 'No approval: policy alone decides'
      : `${capital(count(o.approvals, 'approval'))}, by ${o.approvals > 1 ? 'different people' : 'someone else'}`,
    `At most ${inWords(o.maxSeconds)}`,
    ...(o.itsmTicket ? ['An ITSM ticket'] : []),
    ...(action === 'reveal'
      ? ['A fresh code each time it is shown']
      : [
          o.mfa === 'fresh' ? 'A fresh code when the session opens' : 'A second factor at sign-in',
          'Every session is recorded',
          ...(o.session?.supervised ? ['Nothing passes in a session unless an officer or auditor watches it'] : []),
          ...(o.session?.resultBytes ? [`Of what each statement gives back, ${o.session.resultBytes / 1024} KiB are kept`] : []),
          ...(o.session?.sessions
            ? [`At most ${o.session.sessions === 1 ? 'one session' : `${o.session.sessions} sessions`} at once`]
            : []),
          ...(o.session ? [`A session ends when nothing passes for ${inWords(o.session.idleSeconds)}`] : []),
        ]),
    o.reveal === 'never' ? 'The credential is used for the person, never shown' : 'The credential may be shown',
  ]
}

export const approvalsGiven = (r: Request): number => r.approvals.filter((a) => a.verdict === 'approved').length
export const approvalsMissing = (r: Request): number => Math.max(0, r.obligations.approvals - approvalsGiven(r))

/** One word and a tone for the chip beside a request. A grant says more than the request that it came from. */
export function stateOf(r: Request): { word: string; tone: Tone } {
  if (r.grant?.state === 'active') return { word: 'Active', tone: 'good' }
  if (r.grant?.state === 'ended') return { word: 'Ended', tone: 'over' }
  if (r.grant?.state === 'void') return { word: 'Void', tone: 'bad' }
  const states = {
    waiting: { word: 'Waiting', tone: 'wait' },
    queued: { word: 'Queued', tone: 'wait' },
    approved: { word: 'Approved', tone: 'good' },
    denied: { word: 'Denied', tone: 'bad' },
    withdrawn: { word: 'Withdrawn', tone: 'over' },
    expired: { word: 'Expired', tone: 'over' },
    void: { word: 'Void', tone: 'bad' },
  } as const
  return states[r.state]
}

/** What became of a request, in one or two sentences; the same for everyone who looks at it. */
export function outcome(r: Request, now: number): string {
  const when = (iso: string) => moment(Date.parse(iso), now)
  const yes = r.approvals.filter((a) => a.verdict === 'approved').map((a) => a.approver.displayName)
  const no = r.approvals.find((a) => a.verdict === 'denied')
  if (r.state === 'denied') return no ? `${no.approver.displayName} denied it at ${when(no.at)}.` : 'It was denied.'
  if (r.state === 'withdrawn') return `${r.requester.displayName} withdrew it.`
  if (r.state === 'expired') return `Nobody decided before ${when(r.expiresAt)}. It can be asked again.`
  if (r.state === 'void' || r.grant?.state === 'void')
    return r.voidReason ?? r.grant?.endReason ?? 'What was asked for has changed. It must be asked again.'
  if (r.state === 'waiting') {
    const missing = approvalsMissing(r)
    const so = yes.length > 0 ? `${yes.join(' and ')} approved. ` : ''
    return `${so}Waiting for ${count(missing, so ? 'more approval' : 'approval')} until ${when(r.expiresAt)}.`
  }
  const by = yes.length > 0 ? `Approved by ${yes.join(' and ')}` : 'Allowed by policy'
  if (r.state === 'queued')
    return `${by}. Number ${r.position ?? 1} in the queue for this account; it begins by itself when its turn comes.`
  if (r.extends !== null) return `${by}. The grant that it names goes on for ${inWords(r.seconds)} more.`
  if (!r.grant) return `${by}.`
  if (r.grant.state === 'ended')
    return `${by}. Ended at ${when(r.grant.endedAt ?? r.grant.endsAt)}${r.grant.endReason ? `: ${r.grant.endReason}` : ''}.`
  return `${by}. ${r.requester.displayName} may ${r.action === 'reveal' ? 'see the credential' : 'connect'} until ${when(r.grant.endsAt)}.`
}

/** What changed under a person who was about to decide; undefined when what they saw still stands. */
export function changedSince(shown: Request, current: Request, now: number): string | undefined {
  if (current.state !== shown.state) return `${stateOf(current).word} in the meantime. ${outcome(current, now)}`
  if (current.digest !== shown.digest) return 'What is asked has changed since you opened this. Close it and read the request again.'
  return undefined
}
