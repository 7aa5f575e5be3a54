import { type asks, heldActKind } from '@claviger/api'

type Ask = Pick<asks.SessionAsk, 'person' | 'account' | 'target' | 'act' | 'state' | 'decidedBy' | 'comment' | 'why'>

/** Why the viewer cannot decide; undefined when they can. */
export const blockedInWords = (blocked: asks.SessionAsk['blocked']): string | undefined =>
  blocked === null ? undefined : blockedWords[blocked]

const blockedWords = {
  own: 'Nobody decides on what they do themselves. Another approver or security officer is asked.',
  not_an_approver: 'Somebody who could have approved the access decides on this: an approver or a security officer.',
  not_waiting: 'Nobody’s word is waited for any more.',
} as const

/** What is held, in a word, and where: `Command in database x`. */
export const kindInWords = (act: asks.HeldAct): string =>
  `${heldActKind[act.action]}${act.action === 'query' && act.database ? ` in database ${act.database}` : ''}`

/** What became of an act that was held: whoever looked at it reads why it is gone. */
export function outcomeInWords(ask: Ask): string {
  const about = `${ask.person.displayName}’s ${heldActKind[ask.act.action].toLowerCase()} on ${ask.account}@${ask.target}`
  const by = ask.decidedBy ?? 'somebody'
  switch (ask.state) {
    case 'waiting':
      return `${about} is not held any more.`
    case 'allowed':
      return `${about} was allowed by ${by}, this once.`
    case 'passed':
      return `${about} was allowed by ${by}, and was done, this once.`
    case 'refused':
      return `${about} was refused by ${by}${ask.comment ? `: ${ask.comment}` : ''}. It was not done.`
    case 'over':
      return `${about} was not done: ${reasons[ask.why ?? ''] ?? 'it is not waited for any longer'}.`
  }
}

const reasons: Readonly<Record<string, string>> = {
  timed_out: 'nobody decided in time',
  cancelled: 'it was taken back',
  suspended: 'the session was suspended',
  session_over: 'the session ended',
  policy: 'policy does not let it pass any more',
  interrupted: 'the gateway that held it was interrupted',
}
