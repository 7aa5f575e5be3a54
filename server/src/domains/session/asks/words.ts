import { formatDuration } from '../../../kernel/duration.ts'
import type { AskRow } from './asks.store.ts'
import type { ShownAct } from './shown-act.ts'

const what: Record<ShownAct['action'], string> = {
  run: 'This command',
  transfer: 'This transfer',
  query: 'This statement',
  forward: 'This connection',
}
const mostNames = 5

/** What the person reads whose act is held. */
export const words = {
  held(
    action: ShownAct['action'],
    { id, expires_at }: AskRow,
    { names, groups }: { names: readonly string[]; groups: readonly string[] },
    seconds: number,
  ): string {
    const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : ''
    const until = expires_at.toISOString().slice(11, 19)
    return `${what[action]} is held until somebody else allows it (${id}). Asked: ${names.slice(0, mostNames).join(', ')}${more} (${groups.join(' or ')}). They have ${formatDuration(seconds)}, until ${until} UTC, under Approvals in the console or with: claviger sessions allow ${id}`
  },
  allowed: (by: string): string => `Allowed by ${by}.`,
  refused: (by: string, comment: string | null): string => `${by} refused this${comment ? `: ${comment}` : ''}. It was not done.`,
  timed_out: (seconds: number): string =>
    `Nobody decided on this within ${formatDuration(seconds)}, so it was not done. Do it again when somebody is there who may.`,
  nobody: (groups: readonly string[]): string =>
    `Policy asks for somebody else's yes to this, and there is nobody else in ${groups.join(' or ')}. Ask an administrator.`,
  tooManyHere: 'As much as may wait in one session waits for an answer already. Do one thing after the other.',
  tooMany: 'Twenty things that you want to do wait for an answer already. Wait for those, or take them back.',
  cancelled: 'You took this back before anybody decided. It was not done.',
  suspended: 'The session was suspended while this waited for an answer. It was not done.',
  session_over: 'The session ended while this waited for an answer. It was not done.',
  policy: 'Policy does not let this pass any more. It was not done.',
  gone: 'What was decided on this is not there any more. It was not done; do it again.',
  interrupted: 'It could not be found out whether somebody allowed this. It was not done; try again.',
} as const
