import type { policy as api } from '@claviger/api'
import { Button, Checkbox, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { usePolicyPreview, useProposePolicies, type Wanted } from '../data/policy.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Failure } from '../ui/failure.tsx'
import styles from './change.module.css'
import { Effects } from './effects.tsx'

const beginning = `@approvals("1") @max("1h") @ticket("none") @mfa("session") @reveal("never")
permit (principal in Group::"engineers", action == Action::"connect", resource);`

/** Another text for a policy, or a policy more. What would become different for whom is shown while one writes. */
export function Propose({ policy }: { policy?: api.Policy }) {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button
        size="xs"
        variant="default"
        onClick={() => setOpened(true)}
        aria-label={policy ? `Propose a change of ${policy.name}` : undefined}
      >
        {policy ? 'Change…' : 'Propose a policy…'}
      </Button>
      {opened && <Proposing policy={policy} onClose={() => setOpened(false)} />}
    </>
  )
}

function Proposing({ policy, onClose }: { policy: api.Policy | undefined; onClose: () => void }) {
  const [name, setName] = useState(policy?.name ?? '')
  const [text, setText] = useState(policy?.source ?? beginning)
  const [retired, setRetired] = useState(false)
  const propose = useProposePolicies()
  const named = /^[a-z0-9][a-z0-9-]{0,59}$/.test(name)
  const same = policy?.state === 'active' && !retired && text === policy.source
  const wanted: Wanted | undefined = named && text.trim() !== '' && !same ? [{ name, text: retired ? null : text }] : undefined
  const [asked] = useDebouncedValue(wanted, 400)
  const preview = usePolicyPreview(asked)
  return (
    <CodeDialog
      opened
      onClose={onClose}
      title={policy ? `Propose a change of ${policy.name}` : 'Propose a policy'}
      size={760}
      confirm="Propose"
      reason={{ placeholder: 'What the audit found' }}
      ready={wanted !== undefined && preview.isSuccess}
      act={({ code, reason }) => propose.mutateAsync({ policies: wanted ?? [], reason, code })}
    >
      <div className={styles.form}>
        <p>Nothing changes until another security officer or administrator has approved it.</p>
        {!policy && (
          <TextInput
            label="Name"
            description="Lower-case letters, digits and hyphens."
            value={name}
            maxLength={60}
            required
            onChange={(e) => setName(e.currentTarget.value)}
          />
        )}
        <Textarea
          label="Cedar statement"
          value={text}
          disabled={retired}
          maxLength={8_000}
          autosize
          minRows={5}
          maxRows={14}
          spellCheck={false}
          classNames={{ input: styles.code ?? '' }}
          onChange={(e) => setText(e.currentTarget.value)}
        />
        {policy?.state === 'active' && (
          <Checkbox label="Retire it: it is no longer in force" checked={retired} onChange={(e) => setRetired(e.currentTarget.checked)} />
        )}
        {asked && preview.error && <Failure error={preview.error} />}
        {asked && preview.data && <Effects preview={preview.data} />}
      </div>
    </CodeDialog>
  )
}
