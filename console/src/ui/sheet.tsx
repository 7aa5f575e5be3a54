import { Drawer } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './sheet.module.css'

interface Props {
  opened: boolean
  onClose: () => void
  title: string
  children: ReactNode
}

/** A sheet from below, for narrow screens. Esc closes it, the focus stays in it and goes back to where it came from. */
export const Sheet = ({ opened, onClose, title, children }: Props) => (
  <Drawer.Root
    opened={opened}
    onClose={onClose}
    position="bottom"
    size="auto"
    classNames={{ inner: styles.inner, content: styles.content }}
    transitionProps={{ duration: 120 }}
  >
    <Drawer.Overlay backgroundOpacity={0.45} blur={2} />
    <Drawer.Content>
      <div className={styles.head}>
        <Drawer.Title className={styles.title}>{title}</Drawer.Title>
        <Drawer.CloseButton aria-label="Close" />
      </div>
      <Drawer.Body className={styles.body}>{children}</Drawer.Body>
    </Drawer.Content>
  </Drawer.Root>
)
