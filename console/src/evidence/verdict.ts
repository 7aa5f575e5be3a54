import type { Verified } from './verify.ts'
import { endStep } from './vouch.ts'

export interface Verdict {
  tone: 'good' | 'unsure' | 'bad'
  word: string
  sentence: string
}

/** `key`: whether the key of this page is the one that the reader knows from elsewhere; undefined while they named none. */
export function verdictOf({ steps, finding, whole, vouched }: Verified, key: boolean | undefined): Verdict {
  const bad = (sentence: string): Verdict => ({ tone: 'bad', word: 'Not verified', sentence })
  if (finding) return bad(`${finding.message} Bytes ${finding.from} to ${finding.to} of the recording.`)
  const failed = steps.find(({ ok, what }) => !ok && !(what === endStep && !vouched.manifest))
  if (failed) return bad(`This does not hold: ${failed.what}.`)
  if (key === false)
    return bad(
      'The key that signed this is not the one that you compare with. Somebody else made this page, or it is of another installation.',
    )
  if (!whole)
    return {
      tone: 'unsure',
      word: 'Unfinished',
      sentence:
        'What is here fits together; the ledger does not know how it ends. The session still ran when this was exported, or was interrupted.',
    }
  if (key === undefined)
    return {
      tone: 'unsure',
      word: 'Complete, and not compared yet',
      sentence:
        'Everything in this page fits together. Compare the key with what the installation told you by another road: only then it says who vouches for it.',
    }
  return {
    tone: 'good',
    word: 'Verified',
    sentence: vouched.manifest
      ? 'This is the recording as it was sealed, from its first byte to its signed end.'
      : 'This is the recording as far as it was written: the session was interrupted, and has no signed end.',
  }
}
