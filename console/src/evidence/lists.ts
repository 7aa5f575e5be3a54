import type { Content } from './content.ts'
import { clock, element, printable } from './element.ts'
import { keptRows } from './kept-rows.ts'

/** Rows that are laid out at once: more make a page slow, and stand behind a button. */
const atOnce = 500

function table(head: readonly string[], rows: readonly (readonly (Node | string)[])[], label: string): HTMLElement {
  const body = element('tbody')
  const more = element('button', { type: 'button', class: 'more' })
  let shown = 0
  const show = (count: number) => {
    body.append(...rows.slice(shown, shown + count).map((row) => element('tr', {}, ...row.map((cell) => element('td', {}, cell)))))
    shown += count
    more.hidden = shown >= rows.length
    more.textContent = `Show ${Math.min(atOnce, rows.length - shown)} more of ${rows.length}`
  }
  show(atOnce)
  more.addEventListener('click', () => show(atOnce))
  // a printed page has all of it
  addEventListener('beforeprint', () => show(rows.length))
  const columns = element('thead', {}, element('tr', {}, ...head.map((name) => element('th', { scope: 'col' }, name))))
  return element('div', { class: 'list', role: 'region', 'aria-label': label, tabindex: '0' }, element('table', {}, columns, body), more)
}

const code = (text: string) => element('code', {}, printable(text))

export const statementTable = ({ statements }: Content): HTMLElement =>
  table(
    ['#', 'At', 'Statement', 'Outcome'],
    statements.map(({ n, seconds, sql, parameters, remark, outcome, ms, rows, said, gave }) => {
      const text = element('div', {}, code(sql))
      const values = parameters.map((value, i) => `$${i + 1} = ${value === null ? 'null' : `'${value}'`}`).join(', ')
      for (const line of [values, remark]) if (line) text.append(element('div', { class: 'quiet' }, printable(line)))
      if (gave.length > 0) text.append(keptRows(gave, { n, came: rows }))
      const came = [outcome, ms !== undefined && `${ms.toFixed(1)} ms`, rows !== undefined && `${rows} rows`, printable(said)]
      return [String(n), clock(seconds), text, came.filter(Boolean).join(', ')]
    }),
    'Statements',
  )

export const fileTable = ({ files }: Content): HTMLElement =>
  table(
    ['#', 'At', 'What', 'Outcome', 'SHA-256'],
    files.map(({ n, seconds, what, outcome, bytes, sha256, message }) => {
      const came = [outcome, bytes !== undefined && `${bytes} bytes`, printable(message)]
      return [String(n), clock(seconds), code(what), came.filter(Boolean).join(', '), code(sha256)]
    }),
    'Files',
  )

export const commandTable = ({ commands }: Content): HTMLElement =>
  table(
    ['At', 'Command'],
    commands.map(({ seconds, text }) => [clock(seconds), code(text)]),
    'Commands, for printing',
  )
