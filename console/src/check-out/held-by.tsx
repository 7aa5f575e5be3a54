import { Button } from '@mantine/core'
import { useState } from 'react'
import { useChangeCheckOut, useCheckOut } from '../data/check-out.ts'
import { useViewer } from '../data/identity.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Fact } from '../ui/facts.tsx'
import { When } from '../ui/when.tsx'

/** On an account's page: whether one person at a time has it, who that is, and who waits. */
export function HeldBy({ account, name }: { account: string; name: string }) {
  const { data: out } = useCheckOut(account)
  const viewer = useViewer()
  const change = useChangeCheckOut(account)
  const [opened, setOpened] = useState(false)
  if (!out) return null
  const exclusive = out.mode === 'exclusive'
  return (
    <>
      <Fact name="Given out">
        {exclusive ? 'to one person at a time' : 'to several at a time'}{' '}
        {viewer.administers && (
          <Button variant="default" size="compact-sm" onClick={() => setOpened(true)}>
            {exclusive ? 'Share it…' : 'Make exclusive…'}
          </Button>
        )}
      </Fact>
      <Fact name="Held by">
        {out.holder && out.state === 'held' && (
          <>
            {out.holder.displayName}
            {out.until && (
              <span className="quiet">
                , comes back <When at={out.until} as="moment" />
              </span>
            )}
          </>
        )}
        {out.holder && out.state === 'returned' && `nobody: ${out.holder.displayName} gave it back, and its credential is being replaced`}
        {out.state === 'free' && <span className="quiet">nobody alone</span>}
        {out.trouble && <p>The credential could not be replaced ({out.trouble}), so nobody gets the account. It is tried again.</p>}
      </Fact>
      {out.queue.length > 0 && (
        <Fact name="Queue">
          {out.queue.map((q) => `${q.position}. ${q.person?.displayName ?? 'somebody'}`).join(', ')}
          {out.position !== null && <strong> Your place: {out.position}.</strong>}
        </Fact>
      )}
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={exclusive ? 'Share this account' : 'Make this account exclusive'}
        confirm={exclusive ? 'Share it' : 'Make exclusive'}
        act={({ code }) => change.mutateAsync({ mode: exclusive ? 'shared' : 'exclusive', code }).then(() => announce('Changed.'))}
      >
        {exclusive ? (
          <>
            Several people may have <code>{name}</code> at the same time from now on.
          </>
        ) : (
          <>
            One person at a time has <code>{name}</code>; the others queue, and its credential is replaced before it goes on. Whoever has it
            now keeps it until their time is over.
          </>
        )}
      </CodeDialog>
    </>
  )
}
