import { IconRotateClockwise } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useOrders } from '../data/rotation.ts'
import { links } from '../paths.ts'
import { Choice } from '../ui/choice.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { Rows } from '../ui/rows.tsx'
import { useListKeys } from '../ui/use-list-keys.ts'
import { useTitle } from '../ui/use-title.ts'
import { orderColumns } from './columns.tsx'

/** What is to be rotated, when, and what keeps it from being done. */
export function RotationsPage() {
  const [state, setState] = useState<'held' | 'done'>()
  const orders = useOrders({ state: state ?? 'open' })
  const list = useRef<HTMLDivElement>(null)
  useListKeys(list)
  useTitle('Rotations')
  const page = orders.data
  return (
    <ListPage
      title="Rotations"
      filters={
        <Choice
          label="State"
          all="To be done"
          value={state}
          options={[
            ['held', 'Held'],
            ['done', 'Done'],
          ]}
          onChoose={setState}
        />
      }
    >
      {page && orders.error && <Stale error={orders.error} />}
      {!page && orders.error && <Failure error={orders.error} retry={() => orders.refetch()} />}
      {page?.total === 0 && (
        <Empty
          icon={<IconRotateClockwise size={32} stroke={1.5} />}
          title={state ? 'No rotation is like that' : 'Nothing is to be rotated'}
        >
          What a grant opened is rotated when it ends. What fails stays here until it is done.
        </Empty>
      )}
      {(orders.isPending || (page && page.orders.length > 0)) && (
        <Rows
          ref={list}
          label="Rotations"
          rows={page?.orders}
          columns={orderColumns}
          idOf={(o) => o.id}
          link={(o) => ({ to: links.account(o.account.id), label: `${o.account.name}@${o.account.target}` })}
          old={orders.isPlaceholderData}
        />
      )}
      {page && page.total > page.orders.length && (
        <p className="quiet">
          The first {page.orders.length} of {page.total}.
        </p>
      )}
    </ListPage>
  )
}
