import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { Files } from './files.tsx'
import { Statements } from './statements.tsx'

/** A client of MySQL may also have sent files (`LOAD DATA LOCAL`). They are opened when they are wanted: each opening is a viewing of its own in the ledger. */
export function StatementsOrFiles({ id, live }: { id: string; live: boolean }) {
  const [shown, show] = useState<'statements' | 'files'>('statements')
  return (
    <>
      <SegmentedControl
        aria-label="What to look at"
        size="xs"
        w="fit-content"
        value={shown}
        onChange={(chosen) => show(chosen === 'files' ? 'files' : 'statements')}
        data={[
          { value: 'statements', label: 'Statements' },
          { value: 'files', label: 'Files that were sent' },
        ]}
      />
      {shown === 'files' ? <Files id={id} live={live} sent /> : <Statements id={id} live={live} />}
    </>
  )
}
