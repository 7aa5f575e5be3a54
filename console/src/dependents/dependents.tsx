import type { dependents, inventory } from '@claviger/api'
import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useConfirmDependent, useDependents, useLookAtDependent, useRemoveDependent, useTellDependent } from '../data/dependents.ts'
import { useViewer } from '../data/identity.ts'
import { announce } from '../ui/announcer.tsx'
import { StateChip } from '../ui/chip.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Failure, Problem } from '../ui/failure.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { AddDependent } from './add-dependent.tsx'
import { howInWords, newsState } from './words.ts'

type Dependent = dependents.Dependent

/** What else uses the credentials of an account, and whether it knows the newest. */
export function Dependents({ account: a }: { account: inventory.Account }) {
  const viewer = useViewer()
  const found = useDependents(a.id)
  const [act, setAct] = useState<{ what: 'confirm' | 'remove'; on: Dependent }>()
  const [look, tell, confirm, remove] = [useLookAtDependent(), useTellDependent(), useConfirmDependent(), useRemoveDependent()]
  if (!found.data && found.error) return <Failure error={found.error} retry={() => found.refetch()} />
  const acts = (d: Dependent) => (
    <Group gap="xs" wrap="nowrap">
      {viewer.tellsDependents && (
        <Button
          size="compact-sm"
          variant="default"
          loading={look.isPending && look.variables === d.id}
          onClick={() => look.mutate(d.id, { onSuccess: () => announce('It can be told.') })}
        >
          Look
        </Button>
      )}
      {viewer.tellsDependents && d.state === 'active' && (
        <Button
          size="compact-sm"
          variant="default"
          loading={tell.isPending && tell.variables === d.id}
          onClick={() => tell.mutate(d.id, { onSuccess: () => announce('Told.') })}
        >
          Tell now
        </Button>
      )}
      {viewer.tellsDependents && d.state === 'proposed' && (
        <Button size="compact-sm" onClick={() => setAct({ what: 'confirm', on: d })}>
          Confirm…
        </Button>
      )}
      {viewer.addsDependents && (
        <Button size="compact-sm" variant="default" onClick={() => setAct({ what: 'remove', on: d })}>
          Remove…
        </Button>
      )}
    </Group>
  )
  const columns: Column<Dependent>[] = [
    { name: 'On', cell: (d) => d.host.name, narrow: 'top', tight: true },
    { name: 'What is done', cell: (d) => howInWords(d.how), narrow: 'middle' },
    {
      name: 'Told',
      cell: (d) => (d.toldAt ? <When at={d.toldAt} /> : <span className="quiet">never</span>),
      narrow: 'bottom',
      called: 'told',
      tight: true,
    },
    { name: 'Because', cell: (d) => (d.error ? <code>{d.error}</code> : <span className="quiet">nothing</span>), narrow: 'middle-end' },
    { name: 'State', cell: (d) => <StateChip {...newsState(d)} />, narrow: 'top-end', tight: true },
    ...(viewer.tellsDependents ? [{ name: 'Acts', cell: acts, narrow: 'bottom-end' as const, tight: true as const }] : []),
  ]
  return (
    <>
      {found.data?.dependents.length === 0 ? (
        <p className="quiet">Nothing is told when its credential changes. A service that keeps it in a file would stop working.</p>
      ) : (
        <Rows label="What uses it" rows={found.data?.dependents} columns={columns} idOf={(d) => d.id} />
      )}
      <Problem error={look.error ?? tell.error} />
      {viewer.addsDependents && <AddDependent account={a} />}
      <CodeDialog
        opened={act !== undefined}
        onClose={() => setAct(undefined)}
        title={act?.what === 'confirm' ? 'Confirm where the credential is sent' : 'Tell it nothing any more'}
        confirm={act?.what === 'confirm' ? 'Confirm' : 'Remove'}
        act={({ code }) => (act?.what === 'confirm' ? confirm : remove).mutateAsync({ id: act?.on.id ?? '', code })}
      >
        {act && (
          <>
            On <strong>{act.on.host.name}</strong>: {howInWords(act.on.how)}. Added by {act.on.addedBy}.
          </>
        )}
      </CodeDialog>
    </>
  )
}
