import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './dialog.module.css'

interface Props {
  opened: boolean
  onClose: () => void
  title: string
  /** Pixels. */
  size?: number
  children: ReactNode
}

/** A dialog with a title and a way out. Esc closes it, the focus stays in it and goes back to where it came from. */
export const Dialog = ({ opened, onClose, title, size = 480, children }: Props) => (
  <Modal.Root
    opened={opened}
    onClose={onClose}
    size={size}
    centered
    classNames={{ content: styles.content }}
    transitionProps={{ duration: 120 }}
  >
    <Modal.Overlay backgroundOpacity={0.45} blur={2} />
    <Modal.Content>
      <div className={styles.head}>
        <Modal.Title className={styles.title}>{title}</Modal.Title>
        <Modal.CloseButton aria-label="Close" />
      </div>
      <Modal.Body className={styles.body}>{children}</Modal.Body>
    </Modal.Content>
  </Modal.Root>
)
