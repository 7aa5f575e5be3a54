import { Button } from '@mantine/core'
import { type KeyboardEvent, useEffect } from 'react'
import { Running } from './running.tsx'
import styles from './sql.module.css'
import type { Run, Sql } from './state.ts'
import type { EditorState } from './use-editor.ts'

interface Props {
  editor: EditorState
  phase: Sql['phase']
  run: Run | undefined
  onRun: () => void
  onCancel: () => void
}

/** Characters that one message takes. */
const longest = 200_000

/** Where statements are written. A text area of the browser: it is undone, spoken and searched as people know it. */
export function Editor({ editor, phase, run, onRun, onCancel }: Props) {
  const { place, text, setText, leaf, selected, look } = editor
  const busy = run !== undefined && run.now !== 'ended'
  const open = phase === 'open'
  useEffect(() => {
    if (open) place.current?.focus()
  }, [open, place])
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onRun()
    else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) leaf(event.key === 'ArrowUp')
    else return
    event.preventDefault()
  }
  return (
    <section className={styles.editor} aria-label="Statements">
      <textarea
        ref={place}
        className={styles.text}
        aria-label="SQL"
        aria-describedby="sql-how"
        placeholder="select …"
        value={text}
        maxLength={longest}
        rows={8}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        wrap="off"
        onChange={(e) => setText(e.currentTarget.value)}
        onKeyDown={keys}
        onSelect={look}
      />
      <div className={styles.controls}>
        <Button onClick={onRun} disabled={!open || busy || text.trim() === ''}>
          {selected ? 'Run what is selected' : 'Run'}
        </Button>
        {busy && (
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        )}
        {run && <Running key={run.n} run={run} />}
        <p id="sql-how" className={styles.how}>
          <kbd>Ctrl</kbd>-<kbd>Enter</kbd> runs what is selected, or everything · <kbd>Alt</kbd>-<kbd>↑</kbd> brings back what ran before
        </p>
      </div>
    </section>
  )
}
