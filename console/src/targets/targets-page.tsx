import type { inventory } from '@claviger/api'
import { IconPlus, IconServer2, IconServerOff } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { useViewer } from '../data/identity.ts'
import { useTargets } from '../data/inventory.ts'
import { links } from '../paths.ts'
import { StateChip, TierChip } from '../ui/chip.tsx'
import { Choice } from '../ui/choice.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { Pager } from '../ui/pager.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { useListKeys } from '../ui/use-list-keys.ts'
import { useTitle } from '../ui/use-title.ts'
import { When } from '../ui/when.tsx'
import { targetState, tierWords } from '../words/inventory.ts'

const route = getRouteApi('/shell/targets')

const columns: Column<inventory.Target>[] = [
  { name: 'Target', cell: (t) => t.name, narrow: 'top' },
  { name: 'Kind', cell: (t) => t.kind, tight: true },
  { name: 'Address', cell: (t) => <code>{t.address}</code>, narrow: 'middle' },
  { name: 'Tier', cell: (t) => <TierChip tier={t.tier} label={t.tierLabel} />, narrow: 'middle-end', tight: true },
  { name: 'Environment', cell: (t) => t.environment, narrow: 'bottom' },
  { name: 'Accounts', cell: (t) => t.accounts, tight: true },
  { name: 'State', cell: (t) => <StateChip {...targetState(t)} />, narrow: 'top-end', tight: true },
  {
    name: 'Searched',
    cell: (t) => (t.lastDiscovery ? <When at={t.lastDiscovery} /> : <span className="quiet">never</span>),
    narrow: 'bottom-end',
    tight: true,
  },
]

/** The systems that are protected: found by name or address, a page at a time. */
export function TargetsPage() {
  const { before = 0, ...filter } = route.useSearch()
  const navigate = useNavigate()
  const viewer = useViewer()
  const targets = useTargets(filter)
  const list = useRef<HTMLDivElement>(null)
  useListKeys(list)
  useTitle('Targets')
  const { search, tier, environment } = filter
  const narrow = (change: Partial<typeof filter>) =>
    void navigate(links.targets({ search, tier, environment, ...change, after: undefined }))
  const narrowed = search !== undefined || tier !== undefined || environment !== undefined
  const page = targets.data

  return (
    <ListPage
      title="Targets"
      tools={
        viewer.addsTargets && (
          <LinkButton {...links.newTarget()} size="compact-md" leftSection={<IconPlus size={16} />}>
            Add target
          </LinkButton>
        )
      }
      filters={
        <>
          <SearchField label="Name or address" value={search} onSearch={(text) => narrow({ search: text })} />
          <Choice
            label="Tier"
            all="Every tier"
            value={tier === undefined ? undefined : String(tier)}
            options={tierWords.map((word, at) => [String(at), word] as const)}
            onChoose={(value) => narrow({ tier: value === undefined ? undefined : Number(value) })}
          />
          <Choice
            label="Environment"
            all="Every environment"
            value={environment}
            options={[
              ['production', 'Production'],
              ['staging', 'Staging'],
              ['development', 'Development'],
              ['lab', 'Lab'],
            ]}
            onChoose={(value) => narrow({ environment: value })}
          />
        </>
      }
    >
      {page && targets.error && <Stale error={targets.error} />}
      {!page && targets.error && <Failure error={targets.error} retry={() => targets.refetch()} />}
      {page?.total === 0 &&
        (narrowed ? (
          <Empty icon={<IconServerOff size={32} stroke={1.5} />} title="No target is like that">
            Search for a part of its name or address, or look at every tier and environment.
          </Empty>
        ) : (
          <Empty icon={<IconServer2 size={32} stroke={1.5} />} title="Nothing is protected yet">
            {viewer.addsTargets
              ? 'Add a system: it proves who it is, and its privileged accounts are found at once.'
              : 'An administrator adds the first system.'}
          </Empty>
        ))}
      {(targets.isPending || (page && page.targets.length > 0)) && (
        <Rows
          ref={list}
          label="Targets"
          rows={page?.targets}
          columns={columns}
          idOf={(t) => t.id}
          link={(t) => ({ to: links.target(t.id), label: t.name })}
          old={targets.isPlaceholderData}
        />
      )}
      {page && page.targets.length > 0 && (
        <Pager
          before={before}
          shown={page.targets.length}
          total={page.total}
          onFirst={() => narrow({})}
          onNext={
            page.next === null
              ? undefined
              : () =>
                  void navigate(
                    links.targets({ search, tier, environment, after: page.next ?? undefined, before: before + page.targets.length }),
                  )
          }
        />
      )}
    </ListPage>
  )
}
