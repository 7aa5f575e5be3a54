import type { AnswerOf, unproven } from '@claviger/api'
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { links } from '../paths.ts'
import { clock } from '../words/duration.ts'
import styles from './unseen.module.css'
import { Verification } from './verification.tsx'

type Shown = AnswerOf<typeof unproven.showInput>

/** What two officers opened, each with the second at which it was typed: a press leads the replay there. */
export function UnseenList({ shown, onHide }: { shown: Shown; onHide: () => void }) {
  const { session, unseen, next, looksLeft, verified } = shown
  return (
    <div className={styles.shown}>
      {!verified.ok && <Verification verified={verified} />}
      {unseen.length === 0 && <p>Nothing was typed unseen.</p>}
      <ol className={styles.list} aria-label="Typed unseen">
        {unseen.map((one, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what was typed has no name, and the list never changes
          <li key={i}>
            <Link {...(one.kind === 'typed' ? links.session(session, undefined, one.seconds) : links.session(session, one.n))}>
              {clock(one.seconds)}
            </Link>
            {one.kind === 'typed' ? (
              <span>
                <code className={styles.text}>{one.text}</code>
                <span className="quiet">
                  {one.after !== null && (
                    <>
                      after <code>{one.after}</code>
                    </>
                  )}
                  {one.undecided && ' The recording broke off before it was known whether this was echoed.'}
                </span>
              </span>
            ) : (
              <span>
                <code className={styles.text}>{one.sql || '(the text of the statement it repeats)'}</code>
                <span className="quiet">
                  statement {one.n}
                  {one.parameters.length > 0 && `, with ${one.parameters.map((value) => value ?? 'NULL').join(', ')}`}
                </span>
              </span>
            )}
          </li>
        ))}
      </ol>
      <p className={styles.foot}>
        <span className="quiet">
          ↵ is Enter, ⌫ Backspace. {looksLeft === 1 ? 'One look is' : `${looksLeft} looks are`} left.
          {next !== null && ` There is more from ${clock(next)} on: claviger sessions unproven show --from ${Math.floor(next)}.`}
        </span>
        <Button size="compact-xs" variant="default" onClick={onHide}>
          Hide
        </Button>
      </p>
    </div>
  )
}
