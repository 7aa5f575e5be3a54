import { Skeleton } from '@mantine/core'
import { IconFileOff } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useFiles, useFilesVerified } from '../data/session.ts'
import { Choice } from '../ui/choice.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { type FileOp, fileOps, filterFiles } from '../words/file.ts'
import { ExportRecording } from './export-recording.tsx'
import { FileRow } from './file-row.tsx'
import { NoList, RecordedList } from './recorded-list.tsx'
import { VerifiedOrNot } from './verification.tsx'

/** Every file of a transfer: what was done to it, how much passed, and the hash by which it can be known again. */
export function Files({ id, live }: { id: string; live: boolean }) {
  const found = useFiles(id)
  const [text, setText] = useState('')
  const [op, setOp] = useState<FileOp>()
  const all = useMemo(() => found.data?.pages.flatMap((page) => page.files) ?? [], [found.data])
  const matching = useMemo(() => filterFiles(all, text, op), [all, text, op])
  const last = found.data?.pages.at(-1)
  const whole = useFilesVerified(id, last)

  if (found.isPending) return <Skeleton height={320} radius={10} />
  if (!last) return <NoList found={found} />
  return (
    <>
      <VerifiedOrNot live={live} known={last.verified} whole={whole} />
      <RecordedList
        {...{ name: 'Files', live, found, total: last.total, matching, shown: { first: 200, step: 200 } }}
        row={(file) => <FileRow key={file.n} file={file} />}
        filters={
          <>
            <SearchField label="Part of a path or hash" value={text} onSearch={(typed) => setText(typed ?? '')} />
            <Choice
              label="What was done"
              all="Whatever was done"
              value={op}
              options={Object.entries(fileOps).map(([key, word]) => [key as FileOp, word] as const)}
              onChoose={setOp}
            />
            <ExportRecording id={id} what="files" />
          </>
        }
        empty={all.length === 0 ? nothing : undefined}
        none="No file is like that."
        remark="Contents are not recorded; their hashes are. Your viewing is kept in the audit log."
        sofar="This is what was done up to when you opened it."
      />
    </>
  )
}

const nothing = {
  icon: <IconFileOff size={32} stroke={1.5} />,
  title: 'No file was touched',
  sentence: 'The session opened and ended, and nothing was done to any file.',
}
