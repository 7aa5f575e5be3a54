import type { QueryOf, rotation } from '@claviger/api'
import type { ReactNode, Ref } from 'react'
import { useOrders } from '../data/rotation.ts'
import { links } from '../paths.ts'
import { Section } from '../ui/detail-page.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { Rows } from '../ui/rows.tsx'
import { orderColumns } from './columns.tsx'

interface Props {
  title: string
  aside?: ReactNode
  filter: Omit<QueryOf<typeof rotation.rotationOrders>, 'limit'>
  /** Where there is none. */
  empty: ReactNode
  ref?: Ref<HTMLDivElement>
}

/** Ordered rotations, with what keeps each from being done. */
export function Orders({ title, aside, filter, empty, ref }: Props) {
  const orders = useOrders(filter)
  const page = orders.data
  return (
    <Section title={title} aside={aside}>
      {page && orders.error && <Stale error={orders.error} />}
      {!page && orders.error && <Failure error={orders.error} retry={() => orders.refetch()} />}
      {page?.total === 0 && empty}
      {(orders.isPending || (page && page.orders.length > 0)) && (
        <Rows
          ref={ref ?? null}
          label={title}
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
    </Section>
  )
}
