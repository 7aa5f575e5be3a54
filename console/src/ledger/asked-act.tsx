import { HeldText } from '../asks/held-text.tsx'
import { useAsk } from '../data/asks.ts'
import { Section } from '../ui/detail-page.tsx'
import { Failure } from '../ui/failure.tsx'

/** What was asked, which no entry says: it is sealed with the recording of its session, and opened for who may read it. */
export function AskedAct({ ask }: { ask: string }) {
  const found = useAsk(ask)
  return (
    <Section title="What was asked: not in the entry, which has its digest">
      {found.error ? (
        <Failure error={found.error} retry={() => found.refetch()} />
      ) : found.data ? (
        <HeldText act={found.data.act} unread={found.data.unread} />
      ) : (
        found.data === null && <p className="quiet">Approvers, officers, auditors and whoever did it read it: it is not here for you.</p>
      )}
    </Section>
  )
}
