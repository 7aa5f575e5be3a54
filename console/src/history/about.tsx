import { Button, Skeleton } from '@mantine/core'
import { useAbout } from '../data/history.ts'
import { Named, nameIn, namesOfPages } from '../data/names.tsx'
import { StateChip } from '../ui/chip.tsx'
import { Failure } from '../ui/failure.tsx'
import { When } from '../ui/when.tsx'
import { actInWords } from '../words/acts.ts'
import { detailsOf, phaseOf } from '../words/ledger.ts'
import styles from './about.module.css'
import { Detail } from './detail.tsx'

/** What the ledger says about one thing, newest first. */
export function About({ subject }: { subject: string }) {
  const about = useAbout(subject, true)
  const names = namesOfPages(about.data?.pages)
  const entries = about.data?.pages.flatMap((page) => page.entries)
  return (
    <section className={styles.about} aria-labelledby="about-title">
      <h2 id="about-title">History</h2>
      {about.isPending && [0, 1, 2].map((row) => <Skeleton key={row} height={36} />)}
      {!entries && about.error && <Failure error={about.error} retry={() => about.refetch()} />}
      {entries?.length === 0 && <p className="quiet">The audit log says nothing about it yet.</p>}
      <Named names={names}>
        <ol className={styles.list}>
          {entries?.map((entry) => {
            const phase = phaseOf(entry)
            return (
              <li key={entry.id} className={styles.entry} data-phase={entry.phase}>
                <span className={styles.when}>
                  <When at={entry.at} as="moment" />
                </span>
                <div className={styles.what}>
                  <p>
                    <strong>{actInWords(entry.act)}</strong> {phase && <StateChip {...phase} />}
                  </p>
                  <p className={styles.details}>
                    {entry.by && <span>by {nameIn(names, entry.by)}</span>}
                    {detailsOf(entry, subject).map(([name, said]) => (
                      <Detail key={name} name={name} said={said} />
                    ))}
                    <span>{entry.place === null ? 'not signed yet' : `entry ${entry.place}`}</span>
                  </p>
                </div>
              </li>
            )
          })}
        </ol>
      </Named>
      {about.hasNextPage && (
        <Button
          variant="default"
          size="compact-md"
          className={styles.more}
          loading={about.isFetchingNextPage}
          onClick={() => about.fetchNextPage()}
        >
          Show older ones
        </Button>
      )}
    </section>
  )
}
