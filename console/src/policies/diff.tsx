import type { policy as api } from '@claviger/api'
import styles from './change.module.css'
import { linesOfChange } from './lines-of-change.ts'

const words = { added: 'is new', changed: 'changes', retired: 'is retired' }

/** One policy of a change, line by line. */
export function Diff({ edit: { name, before, after } }: { edit: api.PolicyEdit }) {
  const what = before === null ? 'added' : after === null ? 'retired' : 'changed'
  return (
    <figure className={styles.diff}>
      <figcaption>
        <code>{name}</code> {words[what]}
      </figcaption>
      <pre>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
        <code tabIndex={0}>
          {linesOfChange(before, after).map(({ sign, text, at }) => (
            <span key={at} data-sign={sign === '+' ? 'in' : sign === '-' ? 'out' : undefined}>
              {`${sign} ${text}\n`}
            </span>
          ))}
        </code>
      </pre>
    </figure>
  )
}
