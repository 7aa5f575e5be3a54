import { type asks, heldActKind, unreadText } from '@claviger/api'

type Ask = Pick<asks.SessionAsk, 'person' | 'account' | 'target' | 'action' | 'state' | 'decidedBy' | 'comment' | 'why'>

/** Why the viewer cannot decide; undefined when they can. */
export function blockedInWords({ blocked, asked, unread }: Pick<asks.SessionAsk, 'blocked' | 'asked' | 'unread'>): string | undefined {
  switch (blocked) {
    case null:
      return undefined
    case 'own':
      return 'Nobody decides on what they do themselves.'
    case 'not_an_approver':
      return `Only who is in ${either.format(asked.groups)} decides on this.`
    case 'not_waiting':
      return 'Nobody’s word is waited for any more.'
    case 'unread':
      return unreadText[unread ?? 'not_now']
  }
}

const either = new Intl.ListFormat('en-GB', { type: 'disjunction' })

/** Whom policy asks: by name, and in which groups they are. */
export function askedInWords({ groups, names, more }: asks.SessionAsk['asked']): string {
  const where = either.format(groups)
  if (names.length === 0) return `Asked: nobody else is in ${where} now.`
  return `Asked: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''} (${where}).`
}

/** What is held, in a word, and where: `Command in database x`. */
export const kindInWords = (act: asks.HeldAct): string =>
  `${heldActKind[act.action]}${act.action === 'query' && act.database ? ` in database ${act.database}` : ''}`

/** What became of an act that was held: whoever looked at it reads why it is gone. */
export function outcomeInWords(ask: Ask): string {
  const about = `${ask.person.displayName}’s ${heldActKind[ask.action].toLowerCase()} on ${ask.account}@${ask.target}`
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
