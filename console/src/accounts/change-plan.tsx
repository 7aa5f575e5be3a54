import type { rotation } from '@claviger/api'
import { Button, Group, NumberInput, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChangePlan } from '../data/rotation.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Problem } from '../ui/failure.tsx'
import { ageInWords } from '../words/rotation.ts'

const day = 86_400

/** After how many days the credentials of one account are replaced. */
export function ChangePlan({ account, care, name }: { account: string; care: rotation.Care; name: string }) {
  const [opened, setOpened] = useState(false)
  const [days, setDays] = useState<number | string>(Math.max(1, Math.round(care.ageSeconds / day)))
  const change = useChangePlan(account)
  const whole = typeof days === 'number' && Number.isInteger(days) && days >= 1 && days <= 365
  const to = (seconds: number | null) =>
    change.mutate(seconds, {
      onSuccess: () => {
        announce('Changed.')
        setOpened(false)
      },
    })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (whole && !change.isPending) to(days * day)
  }
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setOpened(true)}>
        Change…
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title="How old a credential may become">
        <form onSubmit={submit}>
          <Stack gap="md">
            <p>
              Of <code>{name}</code>. Now: {ageInWords(care)}. It is replaced up to a tenth earlier, so that not everything falls due at
              once.
            </p>
            <NumberInput
              label="Days"
              description="1 to 365"
              min={1}
              max={365}
              allowDecimal={false}
              value={days}
              onChange={setDays}
              data-autofocus
            />
            <Problem error={change.error} />
            <Group justify="flex-end" gap="sm">
              {care.maxAgeSeconds !== null && (
                <Button variant="default" loading={change.isPending} onClick={() => to(null)}>
                  As the installation says
                </Button>
              )}
              <Button type="submit" loading={change.isPending} disabled={!whole}>
                Change
              </Button>
            </Group>
          </Stack>
        </form>
      </Dialog>
    </>
  )
}
