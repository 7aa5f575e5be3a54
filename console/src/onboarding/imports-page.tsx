import type { AnswerOf, onboarding } from '@claviger/api'
import { Button } from '@mantine/core'
import { IconTableImport } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useImports, useRotateImported } from '../data/onboarding.ts'
import { announce } from '../ui/announcer.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure, Problem } from '../ui/failure.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { useTitle } from '../ui/use-title.ts'
import { When } from '../ui/when.tsx'
import { BringFile } from './bring-file.tsx'

type Import = AnswerOf<typeof onboarding.imports>['imports'][number]

/** Credentials that people bring from elsewhere: a file is read here in the browser, and what was brought waits for its first rotation. */
export function ImportsPage() {
  const imports = useImports()
  const client = useQueryClient()
  const rotate = useRotateImported()
  const [file, setFile] = useState<File>()
  useTitle('Imports')
  const columns: Column<Import>[] = [
    { name: 'From', cell: (i) => i.source, narrow: 'top' },
    { name: 'By', cell: (i) => i.by, narrow: 'middle', called: 'by', tight: true },
    { name: 'When', cell: (i) => <When at={i.at} as="moment" />, narrow: 'bottom', tight: true },
    { name: 'Stored', cell: (i) => i.stored, narrow: 'top-end', called: 'stored', tight: true },
    { name: 'Refused by the target', cell: (i) => i.refused, tight: true },
    { name: 'Not tried', cell: (i) => i.failed, tight: true },
    {
      name: 'First rotation',
      cell: (i) =>
        i.staged === 0 ? (
          <span className="quiet">nothing waits</span>
        ) : (
          <Button
            size="compact-sm"
            loading={rotate.isPending && rotate.variables === i.id}
            onClick={() => rotate.mutate(i.id, { onSuccess: (done) => announce(`Ordered for ${done.ordered} accounts.`) })}
          >
            Rotate {i.staged} now
          </Button>
        ),
      narrow: 'bottom-end',
      tight: true,
    },
  ]
  return (
    <ListPage title="Imports">
      <BringFile file={file} onChoose={setFile} onDone={() => void client.invalidateQueries({ queryKey: ['imports'] })} />
      <Problem error={rotate.error} />
      {!imports.data && imports.error && <Failure error={imports.error} retry={() => imports.refetch()} />}
      {imports.data?.imports.length === 0 && !file && (
        <Empty icon={<IconTableImport size={32} stroke={1.5} />} title="Nothing was imported">
          A KV engine of a Vault or OpenBao is read by the command line: claviger import.
        </Empty>
      )}
      {imports.data && imports.data.imports.length > 0 && (
        <Rows label="Imports" rows={imports.data.imports} columns={columns} idOf={(i) => i.id} />
      )}
    </ListPage>
  )
}
