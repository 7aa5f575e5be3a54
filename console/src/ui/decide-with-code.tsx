import { Button } from '@mantine/core'
import type { ComponentProps, ReactNode } from 'react'
import { CodeDialog } from './code-dialog.tsx'

interface Props extends Pick<ComponentProps<typeof CodeDialog>, 'ready' | 'act' | 'size'> {
  verdict: 'approve' | 'withdraw'
  title: string
  opened: boolean
  setOpened: (opened: boolean) => void
  /** What comes of it. */
  children: ReactNode
}

/** What two people do together: a button by which the second says yes, or either takes it back, each with a code. */
export function DecideWithCode({ verdict, opened, setOpened, ...dialog }: Props) {
  const approves = verdict === 'approve'
  const word = approves ? 'Approve' : 'Withdraw'
  return (
    <>
      <Button size="xs" variant={approves ? 'filled' : 'default'} onClick={() => setOpened(true)}>
        {word}…
      </Button>
      <CodeDialog opened={opened} onClose={() => setOpened(false)} confirm={word} danger={!approves} {...dialog} />
    </>
  )
}
