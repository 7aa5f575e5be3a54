import type { StatementEnd, StatementStart } from '../../../gateways/contract.ts'
import { type CodeWord, codeWordIn } from './code-words.ts'
import { maskCards } from './mask-text.ts'

/** A statement without card numbers and codes. Where it speaks of codes, each number that could be one is masked, wherever it stands. */
export function maskStatement(start: StatementStart): StatementStart {
  const everywhere = codeWordIn(start.sql)
  const sql = maskCards(start.sql, { everywhere })
  return { ...start, sql, parameters: start.parameters.map((value) => value && maskParameter(value, everywhere)) }
}

/** What a target says of its end: it repeats what it complains about. */
export const maskEnd = (end: StatementEnd): StatementEnd =>
  end.message === undefined ? end : { ...end, message: maskCards(end.message, { everywhere: codeWordIn(end.message) }) }

function maskParameter(value: string, everywhere: CodeWord | undefined): string {
  const bytes = /^\\x((?:[0-9a-f]{2})+)$/i.exec(value)?.[1]
  return bytes !== undefined && hidesCard(bytes, everywhere) ? `\\x${'XX'.repeat(bytes.length / 2)}` : maskCards(value, { everywhere })
}

/** Values whose type is not known stand as their bytes: of text, or of a number of eight bytes. */
function hidesCard(hex: string, everywhere: CodeWord | undefined): boolean {
  const text = Buffer.from(hex, 'hex').toString('latin1')
  const number = hex.length <= 16 ? String(BigInt(`0x${hex}`)) : ''
  return [text, number].some((shown) => maskCards(shown, { everywhere }) !== shown)
}
