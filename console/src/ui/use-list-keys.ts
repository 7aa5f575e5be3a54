import { type RefObject, useEffect, useRef } from 'react'

// Seen before anyone acts on the key: by the time that a page hears Esc, the dialog that it closed is already gone.
let covered = false
const look = () => {
  covered = document.querySelector('[role="dialog"]') !== null
}
if (typeof window !== 'undefined') window.addEventListener('keydown', look, { capture: true })

/** True while a key belongs to something else: a field, a dialog, or a shortcut of the browser. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || covered) return true
  const at = event.target
  return at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName))
}

/** Where `j` or `k` leads from row `at` (-1: none yet) among `count`. Stops at both ends. */
export const nextRow = (at: number, step: 1 | -1, count: number): number =>
  at < 0 ? (step === 1 ? 0 : count - 1) : Math.min(count - 1, Math.max(0, at + step))

/**
 * `j` and `k` move the focus among the links marked `data-row` inside `list`; Enter follows the link, as everywhere.
 * `close` is what Esc does.
 */
export function useListKeys(list: RefObject<HTMLElement | null>, close?: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return
      if (event.key === 'Escape' && close) return close()
      if (event.key !== 'j' && event.key !== 'k') return
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])].filter((row) => row.offsetParent !== null)
      if (rows.length === 0) return
      event.preventDefault()
      const focused = rows.indexOf(document.activeElement as HTMLElement)
      const open = rows.findIndex((row) => row.getAttribute('aria-current') === 'true')
      rows[nextRow(focused >= 0 ? focused : open, event.key === 'j' ? 1 : -1, rows.length)]?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [list, close])
}

/** When what was open is closed, the focus goes back to its row. */
export function useReturnToRow(list: RefObject<HTMLElement | null>, open: string | undefined): void {
  const before = useRef<string>(undefined)
  useEffect(() => {
    const closed = open === undefined ? before.current : undefined
    before.current = open
    if (closed) list.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(closed)}"]`)?.focus()
  }, [list, open])
}
