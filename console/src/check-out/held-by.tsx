import type { checkOut } from '@claviger/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useChangeCheckOut, useCheckOut } from '../data/check-out.ts'
import { useViewer } from '../data/identity.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Fact } from '../ui/facts.tsx'
import { When } from '../ui/when.tsx'
import { CheckIn } from './check-in.tsx'

/** On an account's page: whether one person at a time has it, who that is, and who waits. */
export function HeldBy({ account, name }: { account: string; name: string }) {
  const { data: out } = useCheckOut(account)
  if (!out) return null
  return (
    <>
      <Fact name="Given out">
        {out.mode === 'exclusive' ? 'to one person at a time' : 'to several at a time'}{' '}
        <ChangeMode account={account} name={name} mode={out.mode} />
      </Fact>
      <Fact name="Held by">
        <Holder out={out} name={name} />
      </Fact>
      {out.queue.length > 0 && (
        <Fact name="Queue">
          <ol>
            {out.queue.map((q) => (
              <li key={q.position}>
                {q.position === out.position ? <strong>you</strong> : (q.person?.displayName ?? 'somebody')}
                <span className="quiet">
                  , since <When at={q.since} as="moment" />
                </span>
              </li>
            ))}
          </ol>
        </Fact>
      )}
    </>
  )
}

function Holder({ out, name }: { out: checkOut.CheckOut; name: string }) {
  const { holder, state, until, trouble, grant } = out
  if (!holder || state === 'free') return <span className="quiet">nobody alone</span>
  if (state === 'returned')
    return (
      <>
        nobody: {holder.displayName} gave it back, and its credential is being replaced
        {trouble && (
          <p>
            It could not be replaced (<code>{trouble}</code>), so nobody gets the account. It is tried again.
          </p>
        )}
      </>
    )
  return (
    <>
      {holder.displayName}
      {until && (
        <span className="quiet">
          , comes back <When at={until} as="moment" />
        </span>
      )}{' '}
      {grant && <CheckIn account={out.account} name={name} grant={grant} holder={holder} />}
    </>
  )
}

function ChangeMode({ account, name, mode }: { account: string; name: string; mode: checkOut.CheckOut['mode'] }) {
  const viewer = useViewer()
  const change = useChangeCheckOut(account)
  const [opened, setOpened] = useState(false)
  const exclusive = mode === 'exclusive'
  if (!viewer.administers) return null
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setOpened(true)}>
        {exclusive ? 'Share it…' : 'Make exclusive…'}
      </Button>
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
