import type { people } from '@claviger/api'
import { Button } from '@mantine/core'
import { IconUserPlus, IconUsers } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { useViewer } from '../data/identity.ts'
import { usePeople } from '../data/people.ts'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { Choice } from '../ui/choice.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { More } from '../ui/more.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { useListKeys } from '../ui/use-list-keys.ts'
import { useTitle } from '../ui/use-title.ts'
import { When } from '../ui/when.tsx'
import { factorWords, personStates } from '../words/people.ts'
import { Invite } from './invite.tsx'

const route = getRouteApi('/shell/people')
type Person = people.PersonSummary

const known: Column<Person>[] = [
  { name: 'Factors', cell: (p) => p.factors?.map((f) => factorWords[f]).join(', ') || <span className="quiet">none</span> },
  { name: 'Keys', cell: (p) => p.sshKeys, tight: true },
  {
    name: 'Last seen',
    cell: (p) => (p.lastSeenAt ? <When at={p.lastSeenAt} /> : <span className="quiet">never</span>),
    narrow: 'bottom-end',
    called: 'seen',
    tight: true,
  },
]
const columns = (overseen: boolean): Column<Person>[] => [
  {
    name: 'Person',
    cell: (p) => (
      <>
        {p.displayName} <span className="quiet">{p.name}</span>
      </>
    ),
    narrow: 'top',
  },
  { name: 'Groups', cell: (p) => p.groups.join(', ') || <span className="quiet">none</span>, narrow: 'bottom' },
  ...(overseen ? known : []),
  { name: 'State', cell: (p) => <StateChip {...personStates[p.state]} />, narrow: 'top-end', tight: true },
]

/** Everyone who may sign in, may not any more, or has not yet. */
export function PeoplePage() {
  const filter = route.useSearch()
  const navigate = useNavigate()
  const viewer = useViewer()
  const found = usePeople(filter)
  const list = useRef<HTMLDivElement>(null)
  useListKeys(list)
  useTitle('People')
  const narrow = (change: typeof filter) => void navigate(links.people({ ...filter, ...change }))
  const rows = found.data
  return (
    <ListPage
      title="People"
      tools={
        viewer.changesPeople && (
          <Invite>
            {(open) => (
              <Button leftSection={<IconUserPlus size={16} />} onClick={open}>
                Invite a person…
              </Button>
            )}
          </Invite>
        )
      }
      filters={
        <>
          <SearchField label="Part of a name" value={filter.search} onSearch={(text) => narrow({ search: text })} />
          <Choice
            label="State"
            all="Every state"
            value={filter.state}
            options={Object.entries(personStates).map(([state, { word }]) => [state as Person['state'], word] as const)}
            onChoose={(value) => narrow({ state: value })}
          />
        </>
      }
    >
      {rows && found.error && <Stale error={found.error} />}
      {!rows && found.error && <Failure error={found.error} retry={() => found.refetch()} />}
      {rows?.length === 0 && (
        <Empty icon={<IconUsers size={32} stroke={1.5} />} title="Nobody is like that">
          Look for another part of the name, or at every state.
        </Empty>
      )}
      {(found.isPending || (rows && rows.length > 0)) && (
        <Rows
          ref={list}
          label="People"
          rows={rows}
          columns={columns(viewer.overseesPeople)}
          idOf={(p) => p.id}
          {...(viewer.overseesPeople && { link: (p: Person) => ({ to: links.person(p.id), label: `${p.displayName} ${p.name}` }) })}
          old={found.isPlaceholderData}
        />
      )}
      <More list={found}>Show more</More>
    </ListPage>
  )
}
