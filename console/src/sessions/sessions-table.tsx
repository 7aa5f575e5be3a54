import type { session } from '@claviger/api'
import { Skeleton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Ref } from 'react'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { useNow, When } from '../ui/when.tsx'
import { inWords } from '../words/duration.ts'
import { lengthOf, recordingState, stateOf } from '../words/session.ts'
import styles from './sessions-table.module.css'

interface Props {
  /** Undefined while the first answer is awaited: rows of the same height stand in for them. */
  rows: readonly session.Session[] | undefined
  ref: Ref<HTMLDivElement>
}

const names = ['Person', 'Account', 'Opened', 'Length', 'State', 'Recording'] as const

/** A table where there is room, cards where there is not. The whole row leads to the session. */
export function SessionsTable({ rows, ref }: Props) {
  const now = useNow()
  return (
    <div ref={ref}>
      <table className={styles.table} aria-busy={!rows}>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {!rows &&
            [0, 1, 2, 3].map((row) => (
              <tr key={row}>
                {names.map((name) => (
                  <td key={name}>
                    <Skeleton height={20} />
                  </td>
                ))}
              </tr>
            ))}
          {rows?.map((s) => (
            <tr key={s.id}>
              <td className={styles.person}>
                <Link
                  {...links.session(s.id)}
                  className={styles.link}
                  data-row
                  aria-label={`${s.person.displayName} on ${s.account}@${s.target}`}
                >
                  {s.person.displayName}
                </Link>
              </td>
              <td className={styles.account}>
                <code>
                  {s.account}@{s.target}
                </code>
              </td>
              <td className={styles.opened}>
                <When at={s.openedAt} as="moment" />
              </td>
              <td className={styles.length}>{inWords(lengthOf(s, now))}</td>
              <td className={styles.state}>
                <StateChip {...stateOf(s)} />
              </td>
              <td className={styles.recording}>
                <StateChip {...recordingState(s)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
