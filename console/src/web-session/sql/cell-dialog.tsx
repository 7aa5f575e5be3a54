import { Button, CopyButton } from '@mantine/core'
import { Dialog } from '../../ui/dialog.tsx'
import type { Chosen } from './grid-size.ts'
import styles from './sql.module.css'

/** One value, as far as it is here. */
export function CellDialog({ chosen, onClose }: { chosen: Chosen | undefined; onClose: () => void }) {
  const value = chosen?.value
  const text = value === null || value === undefined ? '' : typeof value === 'string' ? value : value.cut
  const length = value === null || value === undefined ? 0 : typeof value === 'string' ? value.length : value.length
  return (
    <Dialog opened={chosen !== undefined} onClose={onClose} title={chosen ? `${chosen.column}, row ${chosen.row}` : ''} size={720}>
      {value === null ? (
        <p>
          <span className={styles.null}>NULL</span>: there is no value.
        </p>
      ) : text === '' && length === 0 ? (
        <p>Empty text, which is not NULL.</p>
      ) : (
        <>
          <p className={styles.length}>
            {length.toLocaleString('en-GB')} {length === 1 ? 'character' : 'characters'}
            {length > text.length &&
              `, of which ${text.length === 0 ? 'none is' : `the first ${text.length.toLocaleString('en-GB')} are`} here`}
          </p>
          {text !== '' && (
            <>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
              <pre className={styles.value} tabIndex={0}>
                {text}
              </pre>
              <CopyButton value={text}>
                {({ copied, copy }) => (
                  <Button size="xs" variant="default" onClick={copy}>
                    {copied ? 'Copied' : 'Copy'}
                  </Button>
                )}
              </CopyButton>
            </>
          )}
        </>
      )}
    </Dialog>
  )
}
