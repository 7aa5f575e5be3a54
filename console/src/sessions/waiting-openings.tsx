import { IconEyeExclamation } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useViewer } from '../data/identity.ts'
import { useOpenings } from '../data/unproven.ts'
import { links } from '../paths.ts'
import styles from './unseen.module.css'

/** What other officers asked to see of what was typed unseen, for the one who may approve it. */
export function WaitingOpenings() {
  const viewer = useViewer()
  const found = useOpenings(undefined, viewer.opensInput)
  const { name } = viewer.person
  const waiting = (found.data ?? []).filter((o) => o.state === 'waiting' && o.askedBy !== name && o.person !== name)
  if (waiting.length === 0) return null
  return (
    <ul className={styles.waiting} aria-label="Waiting for another officer">
      {waiting.map((o) => (
        <li key={o.id}>
          <IconEyeExclamation size={18} aria-hidden="true" />
          <span>
            {o.askedBy} asks to see{' '}
            <Link {...links.session(o.session)}>
              what {o.person} typed unseen on {o.account}
            </Link>
            : {o.reason}
          </span>
        </li>
      ))}
    </ul>
  )
}
