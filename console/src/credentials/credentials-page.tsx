import type { credentials as api } from '@claviger/api'
import { Button } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useCredentialReport } from '../data/credentials.ts'
import { links } from '../paths.ts'
import { TierChip } from '../ui/chip.tsx'
import { Failure } from '../ui/failure.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { useTitle } from '../ui/use-title.ts'
import { When } from '../ui/when.tsx'
import { findings, reportInWords } from '../words/credentials.ts'
import { credentialWords } from '../words/inventory.ts'
import styles from './credentials.module.css'

const route = getRouteApi('/shell/credentials')
type Row = api.CredentialReport['credentials'][number]

const nameOf = (a: { name: string; target: string }) => `${a.name}@${a.target}`
const columns: Column<Row>[] = [
  { name: 'Account', cell: (c) => nameOf(c.account), narrow: 'top' },
  { name: 'Tier', cell: (c) => <TierChip tier={c.tier} label={c.tierLabel} />, narrow: 'top-end', tight: true },
  { name: 'Credential', cell: (c) => `${credentialWords[c.credential]} v${c.version}`, narrow: 'middle', tight: true },
  { name: 'Made', cell: (c) => <When at={c.madeAt} />, narrow: 'middle-end', tight: true },
  { name: 'Bits', cell: (c) => (c.bits === null ? '–' : Math.floor(c.bits)), narrow: 'bottom-end', called: 'Bits', tight: true },
  { name: 'Good until', cell: (c) => (c.expiresAt === null ? '–' : <When at={c.expiresAt} as="moment" />), tight: true },
  { name: 'People', cell: (c) => c.people, tight: true },
  { name: 'Same as', cell: (c) => c.sameAs.map(nameOf).join(', ') || '–', narrow: 'bottom', called: 'Same as' },
]

/** Which credentials are weak, used twice, old or known to several people. */
export function CredentialsPage() {
  const find = route.useSearch().find ?? 'weak'
  const report = useCredentialReport(find)
  useTitle('Credentials')
  const counts = report.data?.pages[0]?.counts
  const rows = report.data?.pages.flatMap((page) => page.credentials)
  if (report.error) return <Failure error={report.error} retry={() => report.refetch()} />
  return (
    <ListPage title="Credentials">
      {counts && (
        <>
          <p className={styles.sentence}>{reportInWords(counts)}</p>
          <Picture counts={counts} find={find} />
          {counts.unchecked > 0 && <p className="quiet">{counts.unchecked} were not looked at yet; that is done within the hour.</p>}
        </>
      )}
      {rows?.length === 0 ? (
        <p className="quiet">None is {find}.</p>
      ) : (
        <Rows
          label={`Credentials that are ${find}`}
          rows={rows}
          columns={columns}
          old={report.isPlaceholderData}
          idOf={(c) => `${c.account.id} ${c.credential}`}
          link={(c) => ({ to: links.account(c.account.id), label: nameOf(c.account) })}
        />
      )}
      {report.hasNextPage && (
        <Button variant="default" loading={report.isFetchingNextPage} onClick={() => report.fetchNextPage()}>
          More
        </Button>
      )}
    </ListPage>
  )
}

/** One bar for each finding, as long as its part of all credentials; each is a link to those. */
const Picture = ({ counts, find }: { counts: api.CredentialReport['counts']; find: api.Finding }) => (
  <div className={styles.picture}>
    {findings.map(({ finding, word, about }) => (
      <Link
        key={finding}
        {...links.credentials({ find: finding === 'weak' ? undefined : finding })}
        className={styles.finding}
        aria-current={finding === find}
        title={about}
      >
        <span>{word}</span>
        <span className={styles.track}>
          <span
            className={styles.bar}
            data-none={counts[finding] === 0 || undefined}
            style={{ display: 'block', width: `${counts.credentials === 0 ? 0 : (100 * counts[finding]) / counts.credentials}%` }}
          />
        </span>
        <span className={styles.count}>{counts[finding]}</span>
      </Link>
    ))}
  </div>
)
