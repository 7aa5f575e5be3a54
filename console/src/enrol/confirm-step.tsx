import type { AnswerOf, identity } from '@claviger/api'
import { Button, Collapse, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Refused } from '../api.ts'
import { useConfirmEnrolment } from '../data/identity.ts'
import { CodeField } from '../ui/code-field.tsx'
import { Problem } from '../ui/failure.tsx'
import { Authenticator } from './authenticator.tsx'

interface Props {
  token: string
  enrolment: AnswerOf<typeof identity.enrol>
  /** The first administrator: the one-time link is closed with it. */
  first: boolean
  onDone: () => void
}

/** Shows the authenticator's secret and takes a first code as proof that it arrived. An SSH key may come along. */
export function ConfirmStep({ token, enrolment, first, onDone }: Props) {
  const [code, setCode] = useState('')
  const [withKey, setWithKey] = useState(false)
  const [publicKey, setPublicKey] = useState('')
  const [label, setLabel] = useState('')
  const confirm = useConfirmEnrolment(first)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (code.length < 6 || confirm.isPending) return
    const key = publicKey.trim()
    const sshKey = withKey && key ? { publicKey: key, label: label.trim() || key.split(/\s+/)[2] || 'my key' } : undefined
    confirm.mutate({ token, code, ...(sshKey && { sshKey }) }, { onSuccess: onDone, onError: (e) => e instanceof Refused && setCode('') })
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Authenticator {...enrolment.totp} />
        <CodeField
          label="Code"
          description="The six digits that it shows now."
          value={code}
          onChange={setCode}
          invalid={confirm.error instanceof Refused}
        />
        <div>
          <Button variant="subtle" size="compact-sm" onClick={() => setWithKey((open) => !open)} aria-expanded={withKey}>
            {withKey ? 'Without an SSH key' : 'Add an SSH key (optional)'}
          </Button>
          <Collapse expanded={withKey}>
            <Stack gap="sm" pt="sm">
              <Textarea
                label="SSH public key"
                description="The line of a .pub file. With it you come through the SSH gateway."
                placeholder="ssh-ed25519 AAAA… you@laptop"
                autosize
                minRows={2}
                maxRows={5}
                maxLength={16_384}
                spellCheck={false}
                value={publicKey}
                onChange={(event) => setPublicKey(event.currentTarget.value)}
              />
              <TextInput
                label="Its name"
                placeholder="laptop"
                maxLength={100}
                value={label}
                onChange={(event) => setLabel(event.currentTarget.value)}
              />
            </Stack>
          </Collapse>
        </div>
        <Problem error={confirm.error} />
        <Button type="submit" loading={confirm.isPending} disabled={code.length < 6} fullWidth>
          {first ? 'Confirm and finish the first run' : 'Confirm'}
        </Button>
      </Stack>
    </form>
  )
}
