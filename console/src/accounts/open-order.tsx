import { useOrders } from '../data/rotation.ts'
import { Fact } from '../ui/facts.tsx'
import { When } from '../ui/when.tsx'

/** Of an account that is to be rotated: when, and what stood in the way. Nothing where nothing is ordered. */
export function OpenOrder({ account }: { account: string }) {
  const order = useOrders({ account, state: 'open' }).data?.orders[0]
  if (!order) return null
  return (
    <Fact name="To be rotated">
      {order.state === 'held' ? (
        <>Not tried any more: the account is held.</>
      ) : (
        <>
          {order.byReconciler ? 'By the reconciler of its target, ' : 'Next try '}
          <When at={order.dueAt} />
        </>
      )}
      {order.error && (
        <span className="quiet">
          {' '}
          (failed {order.failures}×, last by <code>{order.error}</code>)
        </span>
      )}
    </Fact>
  )
}
