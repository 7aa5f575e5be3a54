import type { inventory } from '@claviger/api'
import { IconKey, IconKeyOff } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { useAccounts } from '../data/inventory.ts'
import { links } from '../paths.ts'
import { Choice } from '../ui/choice.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { Pager } from '../ui/pager.tsx'
import { type Choosing, Rows } from '../ui/rows.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { useListKeys } from '../ui/use-list-keys.ts'
import { useTitle } from '../ui/use-title.ts'
import { accountStates, categoryWords, tierWords } from '../words/inventory.ts'
import { Chosen } from './chosen.tsx'
import { accountColumns } from './columns.tsx'

const route = getRouteApi('/shell/accounts')
type State = inventory.Account['state']
type Category = inventory.Account['category']

/** The privileged accounts of every target: what stands open, and what opens just in time. */
export function AccountsPage() {
  const { before = 0, ...filter } = route.useSearch()
  const navigate = useNavigate()
  const accounts = useAccounts(filter)
  const viewer = useViewer()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const list = useRef<HTMLDivElement>(null)
  useListKeys(list)
  useTitle('Accounts')
  const choosing: Choosing<inventory.Account> = {
    chosen,
    onChoose: (ids, yes) => setChosen(new Set(yes ? [...chosen, ...ids] : [...chosen].filter((id) => !ids.includes(id)))),
    called: (a) => `${a.name}@${a.target.name}`,
    can: (a) => a.state === 'managed',
  }
  const { after: _after, ...kept } = filter
  const narrow = (change: Partial<typeof filter>) => void navigate(links.accounts({ ...kept, ...change }))
  const narrowed = Object.keys(kept).length > 0
  const page = accounts.data

  return (
    <ListPage
      title={filter.target ? `Accounts on ${filter.target}` : 'Accounts'}
      filters={
        <>
          <SearchField label="Account or target" value={filter.search} onSearch={(text) => narrow({ search: text })} />
          <Choice
            label="State"
            all="Every state"
            value={filter.state}
            options={Object.entries(accountStates).map(([state, { word }]) => [state as State, word] as const)}
            onChoose={(value) => narrow({ state: value })}
          />
          <Choice
            label="Tier"
            all="Every tier"
            value={filter.tier === undefined ? undefined : String(filter.tier)}
            options={tierWords.map((word, at) => [String(at), word] as const)}
            onChoose={(value) => narrow({ tier: value === undefined ? undefined : Number(value) })}
          />
          <Choice
            label="Category"
            all="Every category"
            value={filter.category}
            options={Object.entries(categoryWords).map(([category, word]) => [category as Category, word] as const)}
            onChoose={(value) => narrow({ category: value })}
          />
        </>
      }
    >
      {page && accounts.error && <Stale error={accounts.error} />}
      {!page && accounts.error && <Failure error={accounts.error} retry={() => accounts.refetch()} />}
      {page?.total === 0 &&
        (narrowed ? (
          <Empty icon={<IconKeyOff size={32} stroke={1.5} />} title="No account is like that">
            Search for a part of account@target, or look at every state, tier and category.
          </Empty>
        ) : (
          <Empty icon={<IconKey size={32} stroke={1.5} />} title="No privileged account is known yet">
            They appear when a target is added, and each time it is searched.
          </Empty>
        ))}
      {(accounts.isPending || (page && page.accounts.length > 0)) && (
        <Rows
          ref={list}
          label="Accounts"
          rows={page?.accounts}
          columns={accountColumns('everywhere')}
          idOf={(a) => a.id}
          link={(a) => ({ to: links.account(a.id), label: `${a.name}@${a.target.name}` })}
          old={accounts.isPlaceholderData}
          choosing={viewer.rotatesMany ? choosing : undefined}
        />
      )}
      {chosen.size > 0 && <Chosen ids={[...chosen]} onNone={() => setChosen(new Set())} />}
      {page && page.accounts.length > 0 && (
        <Pager
          before={before}
          shown={page.accounts.length}
          total={page.total}
          onFirst={() => narrow({})}
          onNext={
            page.next === null
              ? undefined
              : () => void navigate(links.accounts({ ...kept, after: page.next ?? undefined, before: before + page.accounts.length }))
          }
        />
      )}
    </ListPage>
  )
}
