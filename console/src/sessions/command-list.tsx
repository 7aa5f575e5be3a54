import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { memo, useEffect, useRef, useState } from 'react'
import { clock } from '../words/duration.ts'
import styles from './command-list.module.css'

interface Props {
  commands: readonly { seconds: number; text: string }[]
  /** So many more are not listed. */
  more: number
  /** Index of the one that is running in the replay; -1 for none. */
  current: number
  onOpen: (seconds: number) => void
  /** While it plays, the current command is kept in sight. */
  following: boolean
}

/** What was typed and run, in order. A press leads the replay there. */
export const CommandList = memo(function CommandList({ commands, more, current, onOpen, following }: Props) {
  const [filter, setFilter] = useState('')
  const list = useRef<HTMLOListElement>(null)
  const wanted = filter.trim().toLowerCase()
  const shown = commands.map((command, index) => ({ ...command, index })).filter((c) => c.text.toLowerCase().includes(wanted))

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new current command is what it waits for
  useEffect(() => {
    const at = list.current?.querySelector<HTMLElement>('[aria-current]')
    if (!following || !at || !list.current) return
    const { offsetTop, offsetHeight } = at
    const { scrollTop, clientHeight } = list.current
    if (offsetTop < scrollTop || offsetTop + offsetHeight > scrollTop + clientHeight) list.current.scrollTop = offsetTop - clientHeight / 3
  }, [current, following])

  return (
    <section className={styles.side} aria-label="Commands">
      <div className={styles.head}>
        <h2>
          Commands <span className="quiet">{commands.length + more}</span>
        </h2>
        <TextInput
          aria-label="Filter commands"
          placeholder="Filter"
          size="xs"
          leftSection={<IconSearch size={14} />}
          value={filter}
          maxLength={200}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      </div>
      <ol ref={list} className={styles.list}>
        {shown.map(({ index, seconds, text }) => (
          <li key={index}>
            <button
              type="button"
              className={styles.command}
              data-row
              aria-current={index === current ? 'true' : undefined}
              onClick={() => onOpen(seconds)}
            >
              <span className={styles.at}>{clock(seconds)}</span>
              <code className={styles.text}>{text}</code>
            </button>
          </li>
        ))}
        {shown.length === 0 && (
          <li className={styles.none}>
            {commands.length === 0 ? 'No command was recognised. The screen shows what happened.' : `Nothing contains “${filter.trim()}”.`}
          </li>
        )}
        {more > 0 && <li className={styles.none}>{more} more are not listed here; claviger sessions commands has all.</li>}
      </ol>
    </section>
  )
})
