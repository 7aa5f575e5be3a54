import type { KeptResult } from './content.ts'
import { element, printable } from './element.ts'

/** The first rows that a statement gave back: laid out when somebody opens them, and on paper. */
export function keptRows(results: readonly KeptResult[], { n, came }: { n: number; came: number | undefined }): HTMLElement {
  const kept = results.reduce((sum, { rows }) => sum + rows.length, 0)
  const says = `First ${kept.toLocaleString('en-GB')} of ${(came ?? kept).toLocaleString('en-GB')} rows kept`
  const details = element('details', { class: 'kept' }, element('summary', {}, says))
  let laidOut = false
  const layOut = () => {
    if (!laidOut) details.append(...results.map((result, i) => tableOf(result, `Rows of statement ${n}, result ${i + 1}`)))
    laidOut = true
  }
  details.addEventListener('toggle', layOut)
  addEventListener('beforeprint', () => {
    layOut()
    details.open = true
  })
  return details
}

const tableOf = ({ columns, rows }: KeptResult, label: string): HTMLElement =>
  element(
    'div',
    { role: 'region', 'aria-label': label, tabindex: '0' },
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...columns.map((name) => element('th', { scope: 'col' }, printable(name))))),
      element('tbody', {}, ...rows.map((row) => element('tr', {}, ...row.map(cell)))),
    ),
  )

const cell = (value: string | null): HTMLElement =>
  value === null ? element('td', { class: 'quiet' }, 'null') : element('td', {}, element('code', {}, printable(value)))
