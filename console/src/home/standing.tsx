import { Link } from '@tanstack/react-router'
import { useActiveGrants } from '../data/home.ts'
import { useViewer } from '../data/identity.ts'
import { useStanding } from '../data/inventory.ts'
import { links } from '../paths.ts'
import { accountStates } from '../words/inventory.ts'
import { byTier, type State, shares, standingInWords, type TierRow } from '../words/standing.ts'
import { Panel } from './panel.tsx'
import styles from './standing.module.css'

const order: State[] = ['found', 'held', 'managed']
const number = new Intl.NumberFormat('en-GB')

/** Privileged access as a picture: for each tier what stands open, what is held, and what opens just in time. */
export function Standing() {
  const standing = useStanding()
  const grants = useActiveGrants()
  const viewer = useViewer()
  return (
    <Panel title="Privileged access" wide more={<Link {...links.accounts()}>All accounts</Link>} asked={standing}>
      {(found) => {
        const rows = byTier(found)
        const most = Math.max(...rows.map((row) => row.all))
        const inUse = grants.data?.length ?? 0
        return (
          <>
            <p className={styles.sentence}>{standingInWords(found)}</p>
            <div className={styles.picture}>
              {rows.map((row) => (
                <Tier key={row.tier} row={row} most={most} />
              ))}
            </div>
            <ul className={styles.legend}>
              {order.map((state) => (
                <li key={state}>
                  <span className={styles.mark} data-state={state} aria-hidden="true" />
                  <strong>{accountStates[state].word}</strong> <span className="quiet">{accountStates[state].about}</span>
                </li>
              ))}
            </ul>
            <p className={styles.notes}>
              {viewer.seesDecisions && (
                <span>
                  <strong>{number.format(inUse)}</strong> {inUse === 1 ? 'grant runs' : 'grants run'} now
                </span>
              )}
              {found.foreignKeys > 0 && (
                <span>
                  <strong>{number.format(found.foreignKeys)}</strong> not taken over {found.foreignKeys === 1 ? 'opens' : 'open'} to SSH
                  keys that are not ours
                </span>
              )}
              <span>
                <strong>{number.format(found.targets)}</strong> {found.targets === 1 ? 'target' : 'targets'}
                {found.neverSearched > 0 && `, ${number.format(found.neverSearched)} never searched`}
              </span>
            </p>
          </>
        )
      }}
    </Panel>
  )
}

/** One bar: as long as its tier has accounts, each part a link to those accounts. */
function Tier({ row, most }: { row: TierRow; most: number }) {
  const [length = 0] = shares([row.all], most)
  const widths = shares(
    order.map((state) => row.states[state]),
    row.all,
  )
  return (
    <div className={styles.tier}>
      <span className={styles.label}>{row.label}</span>
      <div className={styles.track}>
        {row.all === 0 ? (
          <span className="quiet">none</span>
        ) : (
          <div className={styles.bar} style={{ width: `${length}%` }}>
            {order.map((state, at) => {
              const count = row.states[state]
              const about = `${number.format(count)} ${accountStates[state].word.toLowerCase()}, ${row.label}`
              return count === 0 ? null : (
                <Link
                  key={state}
                  {...links.accounts({ tier: row.tier, state })}
                  className={styles.part}
                  data-state={state}
                  style={{ width: `${widths[at]}%` }}
                  aria-label={about}
                  title={about}
                />
              )
            })}
          </div>
        )}
      </div>
      <span className={styles.numbers} aria-hidden="true">
        {order.map((state) =>
          row.states[state] === 0 ? null : (
            <span key={state} className={styles.number} data-state={state}>
              {number.format(row.states[state])}
            </span>
          ),
        )}
      </span>
    </div>
  )
}
