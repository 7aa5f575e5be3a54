import { type RefObject, useRef, useState } from 'react'
import type { Past } from './state.ts'

export interface EditorState {
  place: RefObject<HTMLTextAreaElement | null>
  text: string
  setText(text: string): void
  /** Only a part of it would run. */
  selected: boolean
  /** The selection may be another. */
  look(): void
  /** What runs: the selection, or everything; and where it stands. */
  chosen(): { text: string; from: number }
  /** Puts an earlier text there, which can be undone as what is typed. */
  take(text: string): void
  /** Marks a place, where what stands there is still what was run. */
  show(run: { sql: string; from: number }, offset: number, length: number): void
  /** The text before or after the one that was taken last. */
  leaf(back: boolean): void
}

/** The text of the page. It is nowhere but here. */
export function useEditor(past: readonly Past[]): EditorState {
  const place = useRef<HTMLTextAreaElement>(null)
  const leaved = useRef(-1)
  const [text, setText] = useState('')
  const [selected, setSelected] = useState(false)
  const chosen = () => {
    const { selectionStart: from = 0, selectionEnd: to = 0 } = place.current ?? {}
    return from < to && text.slice(from, to).trim() !== '' ? { text: text.slice(from, to), from } : { text, from: 0 }
  }
  const take = (taken: string) => {
    const area = place.current
    if (!area) return
    area.focus()
    area.select()
    // the one way that leaves what was there within reach of Ctrl-Z
    if (!document.execCommand('insertText', false, taken)) setText(taken)
  }
  return {
    ...{ place, text, take },
    setText(typed) {
      leaved.current = -1
      setText(typed)
    },
    chosen,
    selected,
    look: () => setSelected(chosen().text.trim() !== text.trim()),
    show({ sql, from }, offset, length) {
      const area = place.current
      if (!area || text.slice(from, from + sql.length) !== sql) return
      area.focus()
      area.setSelectionRange(from + offset, from + offset + Math.max(1, length))
    },
    leaf(back) {
      const at = leaved.current + (back ? 1 : -1)
      const found = past[at]
      if (!found) return
      take(found.sql)
      leaved.current = at
    },
  }
}
