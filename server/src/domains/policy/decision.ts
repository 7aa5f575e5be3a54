import { formatDuration } from '../../kernel/duration.ts'
import { freshSeconds, type Obligations } from './obligations.ts'
import type { PolicyQuestion } from './question.ts'

export type PolicyRefusalCode = 'policy.no_permit' | 'policy.forbidden' | 'policy.error' | 'policy.over_maximum' | 'policy.ticket_required'

export interface PolicyRefusal {
  allowed: false
  code: PolicyRefusalCode
  /** For the person: why, and what to do. */
  message: string
  /** Names of the policies that decided, sorted. */
  because: readonly string[]
  /** The policies themselves failed: nobody is let in until somebody looks, so the caller raises an alarm with `detail`. */
  alarm: boolean
  /** For the log and the alarm, never for the person. */
  detail?: string
}
export type Decision = { allowed: true; obligations: Obligations; because: readonly string[] } | PolicyRefusal

const what = ({ resource }: PolicyQuestion) => `${resource.account.name}@${resource.target.name}`

/** `text` is the sentence for the person, or for `policy.error` the detail that they do not see. */
export function refuse(code: PolicyRefusalCode, question: PolicyQuestion, because: readonly string[], text = ''): PolicyRefusal {
  if (code === 'policy.error') {
    const message = `The policies for ${what(question)} could not be evaluated, so the answer is no. Tell an administrator; the alarm in the ledger says which policy failed.`
    return { allowed: false, code, message, because, alarm: true, detail: text }
  }
  const noPermit = `No policy lets you ${question.action === 'connect' ? 'connect to' : 'see the credential of'} ${what(question)}. Ask an administrator which account is meant for this work.`
  return { allowed: false, code, message: code === 'policy.no_permit' ? noPermit : text, because, alarm: false }
}

/**
 * Compares what was brought along with what is demanded; undefined when nothing is missing. The floors say some of it too: this is
 * the second of the two checks, and the one that an edited policy cannot take away.
 */
export function whatIsMissing(question: PolicyQuestion, demanded: Obligations): { code: PolicyRefusalCode; message: string } | undefined {
  const { seconds, hasItsmTicket, phase, approvals = 0, approverIsRequester = false, mfaAgeSeconds } = question.context
  const longest = formatDuration(demanded.maxSeconds)
  if (!(seconds >= 1 && seconds <= demanded.maxSeconds))
    return {
      code: 'policy.over_maximum',
      message: `${what(question)} is given for at most ${longest} at a time. Ask for ${longest} or less.`,
    }
  if (demanded.itsmTicket && !hasItsmTicket)
    return { code: 'policy.ticket_required', message: `${what(question)} needs an ITSM ticket. Ask again and name the ticket.` }
  if (question.action === 'reveal' && demanded.reveal === 'never')
    return forbidden(`The credential of ${what(question)} is never shown. Connect through a gateway instead.`)
  if (approverIsRequester) return forbidden('Nobody approves what they asked for themselves. Ask another approver.')
  if (phase === 'request') return undefined

  if (approvals < demanded.approvals)
    return forbidden(`${what(question)} needs ${demanded.approvals} approvals and has ${approvals}. Wait for the approvers, or ask them.`)
  if (mfaAgeSeconds === undefined || (demanded.mfa === 'fresh' && mfaAgeSeconds > freshSeconds))
    return forbidden(`${what(question)} needs a code from the last ${formatDuration(freshSeconds)}. Connect again and give a fresh one.`)
  return undefined
}

const forbidden = (message: string) => ({ code: 'policy.forbidden' as const, message })
