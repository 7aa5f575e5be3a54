import { Autocomplete, Button, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useAccountNames, useConnects, useFile, usePreview } from '../data/access.ts'
import { links } from '../paths.ts'
import { ActionBar } from '../ui/action-bar.tsx'
import { announce } from '../ui/announcer.tsx'
import { Problem } from '../ui/failure.tsx'
import { PageHeading } from '../ui/page-heading.tsx'
import { Back } from '../ui/split.tsx'
import { outcome } from '../words/access.ts'
import { readDuration } from '../words/duration.ts'
import { DurationField } from './duration-field.tsx'
import { blockedBy, looksLikeAccount } from './form.ts'
import styles from './new-request-page.module.css'
import { PolicyAnswer } from './policy-answer.tsx'

const route = getRouteApi('/shell/requests/new')

/** Asking for access. What policy would demand is shown while one types, before anything is asked of anyone. */
export function NewRequestPage() {
  const { account: wanted } = route.useSearch()
  const [account, setAccount] = useState(wanted ?? '')
  const [chosen, setChosen] = useState<'connect' | 'reveal'>('connect')
  const connects = useConnects(account)
  const action = connects === false ? 'reveal' : chosen
  const [duration, setDuration] = useState('1h')
  const [reason, setReason] = useState('')
  const [ticket, setTicket] = useState('')
  const navigate = useNavigate()
  const names = useAccountNames()
  const file = useFile()

  const time = readDuration(duration)
  const [asked] = useDebouncedValue(looksLikeAccount(account) && time ? `${account.trim()} ${time}` : '', 250)
  const [askedAccount = '', askedTime = ''] = asked.split(' ')
  const preview = usePreview(asked ? { account: askedAccount, action, duration: askedTime } : undefined)
  const blocked = blockedBy({ account, duration, reason, ticket }, asked ? preview.data : undefined)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (blocked || !time || file.isPending) return
    file.mutate(
      { account: account.trim(), action, duration: time, reason: reason.trim(), ...(ticket.trim() && { itsmTicket: ticket.trim() }) },
      {
        onSuccess: (request) => {
          announce(`Asked. ${outcome(request, Date.now())}`)
          void navigate(links.request(request.id))
        },
      },
    )
  }

  return (
    <form onSubmit={submit} className={styles.form}>
      <div className={styles.body}>
        <Back to={links.requests()}>My requests</Back>
        <PageHeading>New request</PageHeading>
        <Stack gap="md">
          <Autocomplete
            label="Account"
            description="account@target"
            placeholder="deploy@web01"
            data={names.data ?? []}
            limit={8}
            maxLength={129}
            autoCapitalize="none"
            spellCheck={false}
            value={account}
            onChange={setAccount}
          />
          <SegmentedControl
            aria-label="What for"
            value={action}
            onChange={(value) => setChosen(value === 'reveal' ? 'reveal' : 'connect')}
            data={[
              { value: 'connect', label: 'Connect', disabled: connects === false },
              { value: 'reveal', label: 'See the credential' },
            ]}
          />
          {connects === false && <p className="quiet">No gateway leads there: you hold the account alone, and see its credential.</p>}
          <DurationField value={duration} onChange={setDuration} max={preview.data?.obligations?.maxSeconds} />
          <PolicyAnswer preview={preview} asked={asked !== ''} action={action} />
          <Textarea
            label="Reason"
            description="The approver and the auditor read it"
            autosize
            minRows={2}
            maxLength={500}
            value={reason}
            // one line: it stands in lists, prompts and the audit log
            onChange={(event) => setReason(event.currentTarget.value.replace(/[\r\n]+/g, ' '))}
          />
          <TextInput
            label={preview.data?.obligations?.itsmTicket ? 'ITSM ticket' : 'ITSM ticket (optional)'}
            description={preview.data?.obligations?.itsmTicket ? 'Policy asks for one here' : 'The change or incident that this is for'}
            placeholder="CHG0012345"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={64}
            value={ticket}
            onChange={(event) => setTicket(event.currentTarget.value)}
          />
          <Problem error={file.error} />
        </Stack>
      </div>
      <ActionBar why={blocked}>
        <Button type="submit" loading={file.isPending} disabled={blocked !== undefined}>
          Ask for access
        </Button>
      </ActionBar>
    </form>
  )
}
