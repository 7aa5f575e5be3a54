import type { rotation } from '@claviger/api'
import { getRouteApi } from '@tanstack/react-router'
import { useBatch } from '../data/rotation.ts'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { DetailHead, DetailLoading, DetailPage } from '../ui/detail-page.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { useTitle } from '../ui/use-title.ts'
import { When } from '../ui/when.tsx'
import { count } from '../words/inventory.ts'
import { batchState } from '../words/rotation.ts'
import { Orders } from './orders.tsx'
import { Progress } from './progress.tsx'

const route = getRouteApi('/shell/rotations/batches/$id')

/** Several accounts that somebody ordered together: how far that is, and what stands in the way. */
export function BatchPage() {
  const { id } = route.useParams()
  const found = useBatch(id)
  useTitle('Rotation of several accounts')
  return (
    <DetailPage back={links.rotations()} list="Rotations">
      {found.isPending && <DetailLoading />}
      {found.data ? (
        <>
          {found.error && <Stale error={found.error} />}
          <Found batch={found.data} />
        </>
      ) : (
        found.error && <Failure page error={found.error} retry={() => found.refetch()} />
      )}
    </DetailPage>
  )
}

const Found = ({ batch: b }: { batch: rotation.Batch }) => (
  <>
    <DetailHead of={b.id} title={`Rotation of ${count(b.accounts, 'account')}`} chips={<StateChip {...batchState(b)} />} />
    <section aria-label="Facts">
      <Facts>
        <Fact name="How far">
          <Progress batch={b} />
        </Fact>
        <Fact name="Reason">{b.reason}</Fact>
        <Fact name="Ordered">
          by {b.orderedBy}, <When at={b.orderedAt} as="moment" />
        </Fact>
      </Facts>
    </section>
    {b.done < b.accounts && <Orders title="To be done" filter={{ batch: b.id, state: 'open' }} empty={null} />}
    {b.done > 0 && <Orders title="Done" filter={{ batch: b.id, state: 'done' }} empty={null} />}
  </>
)
