import type { audit } from '@claviger/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEntry } from '../data/ledger.ts'
import { Named, useNames } from '../data/names.tsx'
import { linkOf, links } from '../paths.ts'
import { PlainChip, StateChip } from '../ui/chip.tsx'
import { DetailHead, DetailLoading, DetailPage, Section } from '../ui/detail-page.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { Failure } from '../ui/failure.tsx'
import { useTitle } from '../ui/use-title.ts'
import { useNow, When } from '../ui/when.tsx'
import { actInWords } from '../words/acts.ts'
import { fieldName } from '../words/inventory.ts'
import { phaseOf } from '../words/ledger.ts'
import { localTimes } from '../words/time.ts'
import { AskedAct } from './asked-act.tsx'
import styles from './ledger.module.css'
import { Proof } from './proof.tsx'
import { commitmentOf } from './verify.ts'

const route = getRouteApi('/shell/ledger/$id')

/** One entry: what it shows, what it only commits to, which rows it attests, and the proof that it stands where it does. */
export function EntryPage() {
  const { id } = route.useParams()
  const found = useEntry(id)
  useTitle(found.data ? actInWords(found.data.act) : 'Entry')
  return (
    <DetailPage back={links.ledger()} list="Ledger">
      {found.isPending && <DetailLoading />}
      {found.data ? (
        <Named names={found.data.names}>
          <Found key={id} entry={found.data} />
        </Named>
      ) : (
        found.error && <Failure page error={found.error} retry={() => found.refetch()} />
      )}
    </DetailPage>
  )
}

function Found({ entry: e }: { entry: audit.EntryDetails }) {
  const nameOf = useNames()
  const phase = phaseOf(e)
  const committed = Object.entries(e.committed)
  return (
    <>
      <DetailHead
        of={e.id}
        title={actInWords(e.act)}
        chips={
          <>
            {phase ? <StateChip {...phase} /> : <PlainChip>{e.phase}</PlainChip>}
            <PlainChip>{e.place === null ? 'not signed yet' : `entry ${e.place}`}</PlainChip>
            <PlainChip>written by the {e.origin}</PlainChip>
          </>
        }
      />
      <section aria-label="Facts">
        <Facts>
          <Fact name="Act">
            <code>{e.act}</code>
          </Fact>
          <Fact name="When">
            <When at={e.at} as="moment" /> <span className="quiet">{e.at}</span>
          </Fact>
          <Fact name="By">{e.by ? <Link {...links.person(e.by)}>{nameOf(e.by)}</Link> : 'the server itself'}</Fact>
          {e.intent && (
            <Fact name="Outcome of">
              <Link {...links.entry(e.intent)}>{e.intent}</Link>
            </Fact>
          )}
          {Object.entries(e.fields).map(([name, value]) => (
            <Fact key={name} name={fieldName(name)}>
              <Value value={value} />
            </Fact>
          ))}
        </Facts>
      </section>
      {typeof e.fields.ask === 'string' && <AskedAct ask={e.fields.ask} />}
      {committed.length > 0 && (
        <Section title="Personal: in the entry only as a commitment">
          <Facts>
            {committed.map(([name, commitment]) => (
              <Fact key={name} name={fieldName(name)}>
                <Committed commitment={commitment} beside={e.beside[name]} />
              </Fact>
            ))}
          </Facts>
        </Section>
      )}
      {e.attests.length > 0 && (
        <Section title="Rows that it attests">
          <Facts>
            {e.attests.map((a) => (
              <Fact key={a.id} name={a.kind.replace('_', ' ')}>
                <Value value={a.id} /> <span className="quiet">revision {a.revision}</span>
                <br />
                <code className={styles.hash}>{a.digest}</code>
              </Fact>
            ))}
          </Facts>
        </Section>
      )}
      {e.place !== null && <Proof entry={e} place={e.place} />}
    </>
  )
}

function Value({ value }: { value: unknown }) {
  const nameOf = useNames()
  const now = useNow()
  if (typeof value !== 'string') return <code className={styles.hash}>{JSON.stringify(value)}</code>
  const to = linkOf(value)
  const called = localTimes(nameOf(value), now)
  if (!to && called === value) return <span className={styles.hash}>{value}</span>
  return (
    <>
      {to ? <Link {...to}>{called}</Link> : called} {called !== value && <code className="quiet">{value}</code>}
    </>
  )
}

/** A value that can be erased while the entry stays: it is what the entry committed to, and the browser says so. */
function Committed({ commitment, beside }: { commitment: string; beside: { value: string; salt: string } | undefined }) {
  const given = useQuery({
    queryKey: ['commitment', commitment, beside],
    queryFn: () => (beside ? commitmentOf(beside.value, beside.salt) : ''),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: beside !== undefined,
  })
  return (
    <>
      {beside ? beside.value : <span className="quiet">erased</span>}{' '}
      {given.data !== undefined && beside && (
        <StateChip
          {...(given.data === commitment ? { word: 'As committed', tone: 'good' } : { word: 'Not what was committed', tone: 'bad' })}
        />
      )}
      <br />
      <code className={styles.hash}>{commitment}</code>
    </>
  )
}
