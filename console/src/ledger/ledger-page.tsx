import { audit as api, type audit } from '@claviger/api'
import { Button, TextInput } from '@mantine/core'
import { IconDownload, IconListTree, IconRubberStamp as IconStamp } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { useLedger } from '../data/ledger.ts'
import { Named, nameIn, namesOfPages } from '../data/names.tsx'
import { Detail } from '../history/detail.tsx'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { Choice } from '../ui/choice.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { Rows } from '../ui/rows.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { useListKeys } from '../ui/use-list-keys.ts'
import { useTitle } from '../ui/use-title.ts'
import { When } from '../ui/when.tsx'
import { actInWords } from '../words/acts.ts'
import { detailsOf, phaseOf } from '../words/ledger.ts'
import { AlarmDays } from './alarm-days.tsx'
import styles from './ledger.module.css'

const route = getRouteApi('/shell/ledger')
const kinds = [
  ['access.', 'Access'],
  ['session.', 'Sessions'],
  ['identity.', 'People'],
  ['inventory.', 'Inventory'],
  ['rotation.', 'Rotations'],
  ['recording.', 'Recordings'],
  ['policy.', 'Policies'],
  ['audit.', 'Audit'],
  ['alarm.', 'Alarms'],
] as const
const phases = ['done', 'intent', 'outcome', 'refused', 'alarm'] as const
/** A day as its reader means it: from their own midnight. */
const midnight = (day: string | undefined, plus = 0) => {
  if (day === undefined) return undefined
  const at = new Date(`${day}T00:00:00`)
  at.setDate(at.getDate() + plus)
  return at.toISOString()
}

/** Everything that happened, newest first, and what narrows it. */
export function LedgerPage() {
  const filter = route.useSearch()
  const navigate = useNavigate()
  const { from, to, by, about, ...rest } = filter
  const ids = { ...(by && /^per_[a-z0-9]{10}$/.test(by) && { by }), ...(about && /^[a-z]{3}_[a-z0-9]{10}$/.test(about) && { about }) }
  const found = useLedger({ ...rest, ...ids, from: midnight(from), to: midnight(to, 1) })
  const list = useRef<HTMLDivElement>(null)
  useListKeys(list)
  useTitle('Ledger')
  const narrow = (change: typeof filter) => void navigate(links.ledger({ ...filter, ...change }))
  const names = namesOfPages(found.data?.pages)
  const nameOf = (id: string) => nameIn(names, id)
  const rows = found.data?.pages.flatMap((page) => page.entries)
  const size = found.data?.pages[0]?.size
  return (
    <ListPage
      title="Ledger"
      tools={
        <div className={styles.tools}>
          <LinkButton {...links.checkpoints()} variant="default" leftSection={<IconStamp size={16} />}>
            Checkpoints
          </LinkButton>
          <Button component="a" href={api.exportLedger.path} download variant="default" leftSection={<IconDownload size={16} />}>
            Export
          </Button>
        </div>
      }
      filters={
        <>
          <SearchField label="Words or an id" value={filter.search} onSearch={(text) => narrow({ search: text })} />
          <Choice
            label="Acts"
            all="Every act"
            value={kinds.find(([k]) => k === filter.act)?.[0]}
            options={kinds}
            onChoose={(value) => narrow({ act: value })}
          />
          <Choice
            label="Phase"
            all="Every phase"
            value={filter.phase}
            options={phases.map((phase) => [phase, phase] as const)}
            onChoose={(value) => narrow({ phase: value as audit.Entry['phase'] | undefined })}
          />
          <TextInput
            type="date"
            aria-label="From day"
            leftSection={<span className={styles.bound}>From</span>}
            leftSectionWidth={46}
            value={from ?? ''}
            onChange={(event) => narrow({ from: event.currentTarget.value || undefined })}
          />
          <TextInput
            type="date"
            aria-label="To day"
            leftSection={<span className={styles.bound}>To</span>}
            leftSectionWidth={32}
            value={to ?? ''}
            onChange={(event) => narrow({ to: event.currentTarget.value || undefined })}
          />
        </>
      }
    >
      {(by || about) && (
        <p>
          Only {by ? `what ${nameOf(by)} did` : `what names ${about && nameOf(about)}`}.{' '}
          <Button variant="subtle" size="compact-sm" onClick={() => narrow({ by: undefined, about: undefined })}>
            Show everybody’s
          </Button>
        </p>
      )}
      {filter.act === 'alarm.' && <AlarmDays />}
      {rows && found.error && <Stale error={found.error} />}
      {!rows && found.error && <Failure error={found.error} retry={() => found.refetch()} />}
      {rows?.length === 0 && (
        <Empty icon={<IconListTree size={32} stroke={1.5} />} title="No entry is like that">
          Words are looked for whole, in what is shown; names and reasons are personal and are not searched.
        </Empty>
      )}
      {(found.isPending || (rows && rows.length > 0)) && (
        <Named names={names}>
          <Rows
            ref={list}
            label="Entries"
            rows={rows}
            old={found.isPlaceholderData}
            idOf={(e) => e.id}
            link={(e) => ({ to: links.entry(e.id), label: `${actInWords(e.act)}, entry ${e.place}` })}
            columns={[
              { name: 'Act', cell: (e) => actInWords(e.act), narrow: 'top' },
              { name: 'By', cell: (e) => (e.by ? nameOf(e.by) : <span className="quiet">the server</span>), narrow: 'middle', tight: true },
              {
                name: 'About',
                cell: (e) => (
                  <span className={`quiet ${styles.details}`}>
                    {detailsOf(e, e.by ?? '')
                      .slice(0, 3)
                      .map(([name, said]) => (
                        <Detail key={name} name={name} said={said.slice(0, 80)} link={false} />
                      ))}
                  </span>
                ),
              },
              { name: 'When', cell: (e) => <When at={e.at} as="moment" />, narrow: 'bottom', tight: true },
              {
                name: 'Phase',
                cell: (e) => {
                  const phase = phaseOf(e)
                  return phase ? <StateChip {...phase} /> : <span className="quiet">{e.phase}</span>
                },
                narrow: 'top-end',
                tight: true,
              },
              { name: 'Place', cell: (e) => e.place, narrow: 'bottom-end', called: 'entry', tight: true },
            ]}
          />
        </Named>
      )}
      {found.hasNextPage && (
        <Button variant="default" loading={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
          Show older ones
        </Button>
      )}
      {size !== undefined && <p className="quiet">{size.toLocaleString('en-GB')} entries are signed.</p>}
    </ListPage>
  )
}
