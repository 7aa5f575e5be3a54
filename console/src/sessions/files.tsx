import { Button, Skeleton } from '@mantine/core'
import { IconFileOff } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useFiles } from '../data/session.ts'
import { Choice } from '../ui/choice.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure } from '../ui/failure.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { type FileOp, fileOps, filterFiles } from '../words/file.ts'
import { ExportRecording } from './export-recording.tsx'
import { FileRow } from './file-row.tsx'
import styles from './statements.module.css'
import { Verification } from './verification.tsx'

const atOnce = 200

/** Every file of a transfer: what was done to it, how much passed, and the hash by which it can be known again. */
export function Files({ id, live }: { id: string; live: boolean }) {
  const found = useFiles(id)
  const [text, setText] = useState('')
  const [op, setOp] = useState<FileOp>()
  const [shown, setShown] = useState(atOnce)
  const all = useMemo(() => found.data?.pages.flatMap((page) => page.files) ?? [], [found.data])
  const matching = useMemo(() => filterFiles(all, text, op), [all, text, op])

  if (found.isPending) return <Skeleton height={320} radius={10} />
  const last = found.data?.pages.at(-1)
  if (!last)
    return (
      <div className={styles.box}>
        <Failure error={found.error} retry={() => found.refetch()} />
      </div>
    )
  const more = () => {
    setShown(shown + atOnce)
    if (matching.length <= shown + atOnce && found.hasNextPage) void found.fetchNextPage()
  }
  return (
    <>
      <Verification verified={last.verified} />
      <section className={styles.box} aria-label="Files">
        <header className={styles.head}>
          <h2>
            Files <span className="quiet">{last.total.toLocaleString('en-GB')}</span>
          </h2>
          <div className={styles.filters}>
            <SearchField label="Part of a path or hash" value={text} onSearch={(typed) => setText(typed ?? '')} />
            <Choice
              label="What was done"
              all="Whatever was done"
              value={op}
              options={Object.entries(fileOps).map(([key, word]) => [key as FileOp, word] as const)}
              onChoose={setOp}
            />
            <ExportRecording id={id} what="files" />
          </div>
        </header>
        {all.length === 0 ? (
          <Empty icon={<IconFileOff size={32} stroke={1.5} />} title="No file was touched">
            The session opened and ended, and nothing was done to any file.
          </Empty>
        ) : (
          <ol className={styles.list}>
            {matching.slice(0, shown).map((file) => (
              <FileRow key={file.n} file={file} />
            ))}
          </ol>
        )}
        {all.length > 0 && matching.length === 0 && <p className={styles.note}>No file is like that.</p>}
        {(matching.length > shown || found.hasNextPage) && (
          <p className={styles.more}>
            <Button variant="default" size="compact-md" loading={found.isFetchingNextPage} onClick={more}>
              Show more
            </Button>
          </p>
        )}
      </section>
      <p className={styles.viewing}>
        Contents are not recorded; their hashes are. Your viewing is kept in the audit log.
        {live && (
          <>
            {' '}
            This is what was done up to when you opened it.{' '}
            <Button variant="default" size="compact-xs" loading={found.isRefetching} onClick={() => found.refetch()}>
              Load what came since
            </Button>
          </>
        )}
      </p>
    </>
  )
}
