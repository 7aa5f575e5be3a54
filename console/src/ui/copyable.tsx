import { ActionIcon, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { announce } from './announcer.tsx'
import styles from './copyable.module.css'

interface Props {
  /** What goes to the clipboard. */
  value: string
  /** What is seen; the value itself when left out. */
  shown?: string
  /** What it is, for the button's name: "Copy fingerprint". */
  what: string
}

/** Monospaced text with a button that copies all of it. */
export const Copyable = ({ value, shown = value, what }: Props) => (
  <span className={styles.copyable}>
    <code className={styles.text} title={shown === value ? undefined : value}>
      {shown}
    </code>
    <CopyButton value={value} timeout={2000}>
      {({ copied, copy }) => (
        <ActionIcon
          size="sm"
          aria-label={copied ? `Copied ${what}` : `Copy ${what}`}
          onClick={() => {
            copy()
            announce(`Copied ${what}`)
          }}
        >
          {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
        </ActionIcon>
      )}
    </CopyButton>
  </span>
)
