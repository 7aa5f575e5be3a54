import { Button } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import styles from './pager.module.css'

interface Props {
  /** How many rows stand before this page. */
  before: number
  shown: number
  total: number
  onFirst: () => void
  /** Undefined on the last page. */
  onNext: (() => void) | undefined
}

const number = new Intl.NumberFormat('en-GB')

/** Where in a long list one is, and the way on. The browser's own "back" leads to the page before. */
export const Pager = ({ before, shown, total, onFirst, onNext }: Props) => (
  <nav className={styles.pager} aria-label="Pages">
    <span className={styles.where}>
      {total <= shown && before === 0
        ? `${number.format(total)} in all`
        : `${number.format(before + 1)}–${number.format(before + shown)} of ${number.format(total)}`}
    </span>
    {(before > 0 || onNext) && (
      <>
        <Button variant="default" size="compact-sm" disabled={before === 0} onClick={onFirst} leftSection={<IconChevronLeft size={15} />}>
          First
        </Button>
        <Button variant="default" size="compact-sm" disabled={!onNext} onClick={onNext} rightSection={<IconChevronRight size={15} />}>
          Next
        </Button>
      </>
    )}
  </nav>
)
