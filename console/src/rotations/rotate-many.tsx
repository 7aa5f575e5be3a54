import type { BodyOf, rotation } from '@claviger/api'
import { Checkbox } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useRotateMany } from '../data/rotation.ts'
import { links } from '../paths.ts'
import { announce } from '../ui/announcer.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { count } from '../words/inventory.ts'

interface Props {
  choice: BodyOf<typeof rotation.rotateMany>['choice']
  /** Which accounts these are. */
  about: ReactNode
  /** Because of what somebody asks for it, usually. */
  placeholder: string
  children: (open: () => void) => ReactNode
}

/** Replaces the credentials of several accounts, and leads to where one sees how far that is. */
export function RotateMany({ choice, about, placeholder, children }: Props) {
  const [opened, setOpened] = useState(false)
  const [compromised, setCompromised] = useState(false)
  const rotate = useRotateMany()
  const navigate = useNavigate()
  return (
    <>
      {children(() => setOpened(true))}
      <ReasonDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Rotate several accounts"
        label="Reason"
        placeholder={placeholder}
        confirm="Rotate them"
        act={async (reason) => {
          const batch = await rotate.mutateAsync({ choice, reason, compromised })
          announce(`Ordered for ${count(batch.accounts, 'account')}.`)
          void navigate(links.batch(batch.id))
        }}
      >
        <p>
          {about} Each gets a new credential, proven by a fresh login before the old one is given up. What is held, or was never taken over,
          is left out.
        </p>
        <Compromised checked={compromised} onChange={setCompromised} />
      </ReasonDialog>
    </>
  )
}

/** The difference between a change of locks and an alarm. */
export const Compromised = ({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) => (
  <Checkbox
    mt="sm"
    label="It may be in other hands"
    description="Grants and sessions end at once, and nobody gets in while it cannot be replaced."
    checked={checked}
    onChange={(event) => onChange(event.currentTarget.checked)}
  />
)
