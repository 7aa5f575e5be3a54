import type { session } from '@claviger/api'
import type { Ref } from 'react'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { useNow, When } from '../ui/when.tsx'
import { inWords } from '../words/duration.ts'
import { leftOf, lengthOf, recordingState, stateOf } from '../words/session.ts'

type Session = session.Session

interface Props {
  rows: readonly Session[] | undefined
  /** They are those of another search, until this one is answered. */
  old: boolean
  ref: Ref<HTMLDivElement>
}

const at = (s: Session) => `${s.account}@${s.target}`
const Length = ({ of }: { of: Session }) => {
  const now = useNow()
  const left = leftOf(of, now)
  return (
    <span className="quiet">
      {inWords(lengthOf(of, now))}
      {left !== null && `, ${inWords(left)} left`}
    </span>
  )
}

const columns: Column<Session>[] = [
  { name: 'Person', cell: (s) => s.person.displayName, narrow: 'top' },
  { name: 'Account', cell: (s) => <code>{at(s)}</code>, narrow: 'middle' },
  { name: 'Opened', cell: (s) => <When at={s.openedAt} as="moment" />, narrow: 'bottom', tight: true },
  { name: 'Length', cell: (s) => <Length of={s} />, narrow: 'bottom-end', tight: true },
  { name: 'State', cell: (s) => <StateChip {...stateOf(s)} />, narrow: 'top-end', tight: true },
  { name: 'Recording', cell: (s) => <StateChip {...recordingState(s)} />, narrow: 'middle-end', tight: true },
]

/** Sessions, newest first. The whole row leads to the session. */
export const SessionsTable = ({ rows, old, ref }: Props) => (
  <Rows
    ref={ref}
    label="Sessions"
    rows={rows}
    old={old}
    columns={columns}
    idOf={(s) => s.id}
    link={(s) => ({ to: links.session(s.id), label: `${s.person.displayName} on ${at(s)}` })}
  />
)
