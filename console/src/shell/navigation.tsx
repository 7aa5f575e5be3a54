import { IconChecklist, IconHandStop, IconTerminal2 } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useInbox } from '../data/access.ts'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import styles from './navigation.module.css'

const calm = 15_000

/** Only what exists, and only what this person can use. At the side where there is room, under the thumb where there is not. */
export function Navigation() {
  const viewer = useViewer()
  const inbox = useInbox(calm, viewer.decides)
  const waiting = inbox.data?.length ?? 0
  const items = [
    ...(viewer.seesDecisions ? [{ link: links.approvals(), icon: IconChecklist, label: 'Approvals', count: waiting }] : []),
    { link: links.requests(), icon: IconHandStop, label: 'My requests', count: 0 },
    { link: links.sessions(), icon: IconTerminal2, label: 'Sessions', count: 0 },
  ]
  return (
    <nav className={styles.nav} aria-label="Main">
      {items.map(({ link, icon: Icon, label, count }) => (
        <Link
          key={label}
          {...link}
          activeOptions={{ includeSearch: false }}
          className={styles.item}
          activeProps={{ 'aria-current': 'page' }}
        >
          <Icon size={20} stroke={1.7} aria-hidden="true" />
          <span>{label}</span>
          {count > 0 && (
            <span className={styles.count}>
              {count}
              <span className={styles.unit}> waiting</span>
            </span>
          )}
        </Link>
      ))}
    </nav>
  )
}
