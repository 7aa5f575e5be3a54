import { IconUrgent } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useActivations } from '../data/activations.ts'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { When } from '../ui/when.tsx'
import styles from './breakglass-banner.module.css'

/** On every page: that accounts for emergencies are in use, and to officers that a review is open or a drill overdue. */
export function BreakglassBanner() {
  const viewer = useViewer()
  const { data } = useActivations(viewer.seesActivations)
  const emergencies = data?.activations.filter((a) => a.kind === 'emergency') ?? []
  const running = emergencies.filter((a) => a.state === 'active')
  const officer = viewer.person.groups.includes('security')
  const reviews = officer ? emergencies.filter((a) => a.state === 'ended').length : 0
  if (running.length === 0 && reviews === 0 && !(officer && data?.drills.overdue)) return null
  return (
    <div className={styles.banner} data-alarm={running.length > 0 || undefined} role={running.length > 0 ? 'alert' : 'status'}>
      <IconUrgent size={18} stroke={1.75} aria-hidden />
      <p>
        {running.length > 0 ? (
          running.map((a) => (
            <span key={a.id}>
              <strong>Break-glass is active:</strong> {a.accounts.map((one) => `${one.name}@${one.target}`).join(', ')}, by{' '}
              {a.requester.name} and {a.approver?.name}, until {a.endsAt && <When at={a.endsAt} />}.{' '}
            </span>
          ))
        ) : reviews > 0 ? (
          <span>
            {reviews === 1 ? 'The review of a break-glass activation is open.' : `The reviews of ${reviews} activations are open.`}{' '}
          </span>
        ) : (
          <span>A break-glass drill is overdue. </span>
        )}
        <Link {...links.breakglass()}>Look</Link>
      </p>
    </div>
  )
}
