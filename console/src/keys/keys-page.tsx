import { Skeleton } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { SealFacts } from '../seal/seal-facts.tsx'
import { useSealStatus } from '../seal/use-seal.ts'
import { Section } from '../ui/detail-page.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { useTitle } from '../ui/use-title.ts'
import { BeginCeremony } from './begin-ceremony.tsx'
import { CeremonySteps } from './ceremony-steps.tsx'
import { KeyVersions } from './key-versions.tsx'

const everyMs = 2000

/** Key ceremonies: a new root key, another seal, new location keys; and how far sealing anew is. */
export function KeysPage() {
  const status = useSealStatus(everyMs)
  const queries = useQueryClient()
  const { data, error } = status
  useTitle(data?.ceremony ? '(ceremony) Keys' : 'Keys')
  const look = () => {
    void status.refetch()
    void queries.invalidateQueries({ queryKey: ['keys'] })
  }
  return (
    <ListPage title="Keys">
      {error && data && <Stale error={error} />}
      {error && !data && <Failure error={error} retry={() => void status.refetch()} />}
      {!data && !error && <Skeleton height={240} />}
      {data && (
        <>
          <Section title="The seal">
            <SealFacts status={data} />
          </Section>
          {data.ceremony ? (
            <CeremonySteps ceremony={data.ceremony} kind={data.kind} readAt={status.dataUpdatedAt} onChanged={look} />
          ) : (
            <BeginCeremony kind={data.kind} onBegun={look} />
          )}
        </>
      )}
      <Section title="Location keys">
        <KeyVersions />
      </Section>
    </ListPage>
  )
}
