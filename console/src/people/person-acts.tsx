import type { people } from '@claviger/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { useConfirm, useDisable, useEnable, useInvite, useReset } from '../data/people.ts'
import { RotateMany } from '../rotations/rotate-many.tsx'
import { announce } from '../ui/announcer.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { EndAll } from './end-all.tsx'
import { OneTimeLink } from './one-time-link.tsx'

/** What one may do with a person: each with a fresh code, and the keeper has the last word. */
export function PersonActs({ shown }: { shown: people.PersonDetails }) {
  const { person: p, introducedBy } = shown
  const viewer = useViewer()
  const [open, setOpen] = useState<'disable' | 'enable' | 'confirm' | 'reset' | 'again'>()
  const [link, setLink] = useState<string>()
  const [disable, enable, confirm, reset] = [useDisable(p.id), useEnable(p.id), useConfirm(p.id), useReset(p.id)]
  const invite = useInvite()
  const kept = shown.factors.some((f) => f.kind === 'password')
  const close = () => setOpen(undefined)
  const own = viewer.id === p.id
  return (
    <>
      {p.state === 'unconfirmed' && viewer.confirmsPeople && introducedBy?.id !== viewer.id && !own && (
        <Button onClick={() => setOpen('confirm')}>Confirm…</Button>
      )}
      {viewer.changesPeople && p.state === 'disabled' && <Button onClick={() => setOpen('enable')}>Enable…</Button>}
      {viewer.changesPeople && p.state === 'invited' && <Button onClick={() => setOpen('again')}>New link…</Button>}
      {viewer.changesPeople && p.state !== 'invited' && !own && (
        <Button variant="default" onClick={() => setOpen('reset')}>
          Reset…
        </Button>
      )}
      {viewer.rotatesMany && p.state !== 'invited' && (
        <RotateMany
          choice={{ by: 'touched', person: p.name }}
          about={`Every account that ${p.displayName} ever had a session with, or was shown.`}
          placeholder={`${p.displayName} left`}
        >
          {(open) => (
            <Button variant="default" onClick={open}>
              Rotate what they touched…
            </Button>
          )}
        </RotateMany>
      )}
      {viewer.endsSessions && p.state !== 'invited' && <EndAll person={p} />}
      {viewer.changesPeople && p.state !== 'disabled' && (
        <Button variant="danger" onClick={() => setOpen('disable')}>
          Disable…
        </Button>
      )}
      <CodeDialog
        opened={open === 'confirm'}
        onClose={close}
        title={`Confirm ${p.displayName}`}
        confirm="Confirm"
        act={(given) => confirm.mutateAsync({ code: given.code }).then(() => announce('Confirmed.'))}
      >
        {introducedBy?.displayName} brought them in. Speak with {p.displayName} yourself before you say that this is them, and that they
        belong to {p.groups.join(', ')}.
      </CodeDialog>
      <CodeDialog
        opened={open === 'enable'}
        onClose={close}
        title={`Enable ${p.displayName}`}
        confirm="Enable"
        act={(given) => enable.mutateAsync({ code: given.code }).then(() => announce('Enabled.'))}
      >
        They may sign in again with the factors that they had. Nothing that was ended comes back.
      </CodeDialog>
      <CodeDialog
        opened={open === 'disable'}
        onClose={close}
        title={`Disable ${p.displayName}`}
        confirm="Disable"
        danger
        reason={{ placeholder: 'Left the company' }}
        act={(given) => disable.mutateAsync(given).then(() => announce('Disabled. Everything of theirs has ended.'))}
      >
        At once: sign-ins, tokens, certificates, grants and running sessions end. Their history stays.
      </CodeDialog>
      <CodeDialog
        opened={open === 'reset'}
        onClose={close}
        title={`Reset ${p.displayName}`}
        confirm="Reset"
        danger
        reason={{ placeholder: 'Lost their phone' }}
        act={async (given) => setLink((await reset.mutateAsync(given)).enrolmentToken)}
      >
        Password, authenticator and SSH keys are out of use at once, and what runs for them ends. They enrol anew with a one-time link.
      </CodeDialog>
      <CodeDialog
        opened={open === 'again'}
        onClose={close}
        title={`Invite ${p.displayName} again`}
        confirm="Make a new link"
        act={async ({ code }) => {
          const again = { name: p.name, displayName: p.displayName, groups: [...p.groups], code }
          setLink((await invite.mutateAsync(again)).enrolmentToken)
        }}
      >
        For a link that was lost or has expired after three days. The one before opens nothing any more.
      </CodeDialog>
      {link && <OneTimeLink token={link} who={p.displayName} kept={p.state === 'invited' && kept} onClose={() => setLink(undefined)} />}
    </>
  )
}
