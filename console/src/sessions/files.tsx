import { Button, Skeleton } from '@mantine/core'
import { IconFileOff } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { isWithoutFiles } from '../api.ts'
import { useFiles, useFilesVerified } from '../data/session.ts'
import { Choice } from '../ui/choice.tsx'
import { Empty } from '../ui/empty.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { type FileOp, fileOps, filterFiles } from '../words/file.ts'
import { ExportRecording } from './export-recording.tsx'
import { FileRow } from './file-row.tsx'
import { NoList, RecordedList } from './recorded-list.tsx'
import styles from './statements.module.css'
import { VerifiedOrNot } from './verification.tsx'

interface Props {
  id: string
  live: boolean
  /** They are of the person's machine, sent by statements: nothing else is done to files there. */
  sent?: boolean
}

/** Every file of a transfer: what was done to it, how much passed, and the hash by which it can be known again. */
export function Files({ id, live, sent = false }: Props) {
  const found = useFiles(id)
  const [text, setText] = useState('')
  const [op, setOp] = useState<FileOp>()
  const all = useMemo(() => found.data?.pages.flatMap((page) => page.files) ?? [], [found.data])
  const matching = useMemo(() => filterFiles(all, text, op), [all, text, op])
  const last = found.data?.pages.at(-1)
  const whole = useFilesVerified(id, last)

  if (found.isPending) return <Skeleton height={320} radius={10} />
  if (!last) return sent && isWithoutFiles(found.error) ? <NoneSent live={live} found={found} /> : <NoList found={found} />
  return (
    <>
      <VerifiedOrNot live={live} known={last.verified} whole={whole} />
      <RecordedList
        {...{ name: sent ? 'Files that were sent' : 'Files', live, found, total: last.total, matching, shown: { first: 200, step: 200 } }}
        row={(file) => <FileRow key={file.n} file={file} sent={sent} />}
        filters={
          <>
            <SearchField label="Part of a path or hash" value={text} onSearch={(typed) => setText(typed ?? '')} />
            {!sent && (
              <Choice
                label="What was done"
                all="Whatever was done"
                value={op}
                options={Object.entries(fileOps).map(([key, word]) => [key as FileOp, word] as const)}
                onChoose={setOp}
              />
            )}
            <ExportRecording id={id} what="files" />
          </>
        }
        empty={all.length === 0 ? nothing : undefined}
        none="No file is like that."
        remark="Contents are not recorded; their hashes are. Your viewing is kept in the audit log."
        sofar={sent ? 'These are the files up to when you opened it.' : 'This is what was done up to when you opened it.'}
      />
    </>
  )
}

const nothing = {
  icon: <IconFileOff size={32} stroke={1.5} />,
  title: 'No file was touched',
  sentence: 'The session opened and ended, and nothing was done to any file.',
}

/** Whether one comes still, nobody knows while it runs: then who looks may look again. */
const NoneSent = ({ live, found }: { live: boolean; found: ReturnType<typeof useFiles> }) => (
  <section className={styles.box} aria-label="Files that were sent">
    <Empty
      icon={<IconFileOff size={32} stroke={1.5} />}
      title={live ? 'No file was sent yet' : 'No file was sent'}
      action={
        live && (
          <Button variant="default" loading={found.isRefetching} onClick={() => found.refetch()}>
            Look again
          </Button>
        )
      }
    >
      No statement of this session sent a file of the person’s machine (LOAD DATA LOCAL).
    </Empty>
  </section>
)
