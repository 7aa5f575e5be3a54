import { fail, ok, type Result } from '../../../kernel/result.ts'
import { type Term, termOf } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'

const mostTerms = 8
const mostWords = 16

/** What somebody looks for, as terms: separated by spaces, or "in quotes". */
export function termsIn(text: string): Result<Term[], SessionError> {
  const terms = [...text.matchAll(/"([^"]+)"|[^\s"]+/gu)].map(([whole, quoted]) => termOf((quoted ?? whole).trim()))
  if (terms.length > mostTerms) return fail({ code: 'session.words_too_many' })
  const words = new Set(terms.flatMap((term) => term.words))
  if (words.size > mostWords) return fail({ code: 'session.words_too_many' })
  return words.size === 0 ? fail({ code: 'session.words_too_short' }) : ok(terms)
}
