import { type AnswerOf, type access, itsmTicket } from '@claviger/api'
import { inWords, readDuration, toSeconds } from '../words/duration.ts'

type Preview = AnswerOf<typeof access.previewRequest>
interface Fields {
  account: string
  duration: string
  reason: string
  ticket: string
}

export const looksLikeAccount = (text: string): boolean => /^[^@\s]{1,64}@[^@\s]{1,64}$/.test(text.trim())

export const looksLikeTicket = (text: string): boolean => itsmTicket.safeParse(text.trim()).success

/** The first thing that still keeps a request from being sent, as what to do; undefined when it can go. */
export function blockedBy(fields: Fields, preview: Preview | undefined): string | undefined {
  if (!looksLikeAccount(fields.account)) return 'Name the account and its target, such as deploy@web01.'
  const time = readDuration(fields.duration)
  if (!time) return 'Give a time such as 45m or 1h30m.'
  if (preview && !preview.allowed) return preview.message ?? 'Policy does not allow this.'
  const max = preview?.obligations?.maxSeconds
  if (max !== undefined && (toSeconds(time) ?? 0) > max) return `Policy allows at most ${inWords(max)}.`
  if (!fields.reason.trim()) return 'Give a reason.'
  if (fields.ticket.trim() && !looksLikeTicket(fields.ticket)) return 'Name a ticket such as CHG0012345: with a digit, without spaces.'
  if (preview?.obligations?.itsmTicket && !fields.ticket.trim()) return 'Policy asks for an ITSM ticket.'
  return undefined
}
