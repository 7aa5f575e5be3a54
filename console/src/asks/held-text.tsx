import type { asks } from '@claviger/api'
import { heldActText, heldActValues, unreadText } from '@claviger/api'
import { kindInWords } from '../words/asks.ts'
import styles from './held.module.css'

/** More than this does not stand before one's eyes at once: then its length is said. */
const longLines = 12
const longCharacters = 800

/** All of what is held, as it would be done. Its lines are numbered, so that none is taken for the end of a long one; what cannot be seen is spelled. */
export function HeldText({ act, unread }: Pick<asks.SessionAsk, 'act' | 'unread'>) {
  if (!act) return <p className="quiet">{unreadText[unread ?? 'not_now']}</p>
  const text = heldActText(act)
  const lines = text.split('\n')
  const values = heldActValues(act)
  const long = lines.length > longLines || text.length > longCharacters
  return (
    <div className={styles.what}>
      <p className="quiet">
        {kindInWords(act)}
        {long && `: ${text.length} characters in ${lines.length} lines. Read it to its end.`}
      </p>
      <Lines lines={lines} numbered={lines.length > 1} label="What would be done" />
      {values.length > 0 && (
        <>
          <p className="quiet">With {values.length === 1 ? 'this value' : `these ${values.length} values, in the order of their places`}</p>
          <Lines lines={values} numbered label="With which values" />
        </>
      )}
    </div>
  )
}

const Lines = ({ lines, numbered, label }: { lines: readonly string[]; numbered: boolean; label: string }) => (
  <ol
    className={styles.text}
    data-one={!numbered || undefined}
    data-many={lines.length > 99 || undefined}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it is reached by keyboard
    tabIndex={0}
    aria-label={label}
  >
    {lines.map((line, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text that never changes
      <li key={i}>
        <code>{line}</code>
      </li>
    ))}
  </ol>
)
