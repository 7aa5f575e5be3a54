import type { rotation } from '@claviger/api'
import { Link } from '@tanstack/react-router'
import { usePlan } from '../data/rotation.ts'
import { links } from '../paths.ts'
import { Failure } from '../ui/failure.tsx'
import { When } from '../ui/when.tsx'
import { dayInWords, planInWords, windowsInWords } from '../words/rotation.ts'
import styles from './plan.module.css'

/** As long as a credential becomes old, where nobody said otherwise: what is taken over today stands in the picture. */
const days = 90
const few = 3
const number = new Intl.NumberFormat('en-GB')

/** What falls due by its age and when, as a picture: a column for each of the coming days. */
export function Plan() {
  const plan = usePlan(days)
  if (!plan.data)
    return plan.error ? <Failure error={plan.error} retry={() => plan.refetch()} /> : <div className={styles.plan} aria-busy />
  return (
    <figure className={styles.plan}>
      <figcaption className={styles.sentence}>{planInWords(plan.data)}</figcaption>
      <Columns plan={plan.data} />
      <Notes plan={plan.data} />
    </figure>
  )
}

function Columns({ plan }: { plan: rotation.Plan }) {
  const bars = [{ from: undefined, rotations: plan.overdue, verifications: 0 }, ...plan.days]
  const most = Math.max(1, ...bars.map((b) => b.rotations))
  const first = plan.days[0]?.from
  const last = plan.days.at(-1)?.from
  return (
    <>
      <ol className={styles.bars}>
        {bars.map((b) => (
          <li
            key={b.from ?? 'overdue'}
            data-overdue={(b.from === undefined && b.rotations > 0) || undefined}
            title={dayInWords(b)}
            style={{ '--part': b.rotations === 0 ? '0%' : `${8 + (92 * b.rotations) / most}%` } as React.CSSProperties}
          >
            <span className={styles.heard}>{dayInWords(b)}</span>
          </li>
        ))}
      </ol>
      {first && last && (
        <p className={styles.axis} aria-hidden="true">
          <span>now</span>
          <span>
            <When at={last} />
          </span>
        </p>
      )}
    </>
  )
}

const Notes = ({ plan }: { plan: rotation.Plan }) => (
  <ul className={styles.notes}>
    {plan.drifted > 0 && (
      <li data-bad>
        <strong>{number.format(plan.drifted)}</strong> refused by their target: changed outside
      </li>
    )}
    {plan.held > 0 && (
      <li data-bad>
        <Link {...links.accounts({ state: 'held' })}>
          <strong>{number.format(plan.held)}</strong> held
        </Link>
        : nobody gets in
      </li>
    )}
    <li>{windowsInWords(plan.windows)}</li>
    {plan.next.length > 0 && (
      <li>
        Next:{' '}
        {plan.next.slice(0, few).map(({ account: a, dueAt }, at) => (
          <span key={a.id}>
            {at > 0 && ', '}
            <Link {...links.account(a.id)}>
              <code>
                {a.name}@{a.target}
              </code>
            </Link>{' '}
            <When at={dueAt} />
          </span>
        ))}
      </li>
    )}
  </ul>
)
