import { identity } from '@claviger/api'
import { Skeleton } from '@mantine/core'
import { useEffect, useState } from 'react'
import { ask } from '../api.ts'
import { putTokenBack, useToken } from '../enrol/use-token.ts'
import { Door } from '../sign-in/door.tsx'
import { Announcer, announce } from '../ui/announcer.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { HandOut } from './hand-out.tsx'
import { HandOutFiles } from './hand-out-files.tsx'
import { NoSeal } from './no-seal.tsx'
import { Unseal } from './unseal.tsx'
import { type Made, useSealStatus } from './use-seal.ts'

const everyMs = 2000

/** What a person meets while nothing opens: how to make the seal, how to open it, and the way on as soon as it is open. */
export function SealPage() {
  const status = useSealStatus(everyMs)
  const own = useToken()
  const setupToken = window.location.pathname === '/setup' ? own : undefined
  const [made, setMade] = useState<Made>()
  const [anew, setAnew] = useState(false)
  const state = status.data?.state

  const open = state === 'open' && !made
  useEffect(() => {
    if (open) void goOn()
  }, [open])
  useEffect(() => {
    if (state === 'sealed') announce('Claviger is sealed.')
  }, [state])

  const shares = status.data?.shares
  const handedOut = () => {
    setMade(undefined)
    setAnew(false)
    void status.refetch()
  }
  return (
    <>
      {made ? (
        made.to ? (
          <HandOutFiles
            made={made}
            to={made.to}
            onDone={handedOut}
            end={{
              about: `Any ${made.threshold} of the ${made.shares.length} open the server, now and after every start. Claviger kept none of them.`,
              button: 'Go on to open it',
            }}
          />
        ) : (
          <HandOut made={made} onDone={handedOut} />
        )
      ) : state === 'uninitialised' || anew ? (
        <NoSeal setupToken={setupToken} onMade={setMade} onBack={anew ? () => setAnew(false) : undefined} />
      ) : state === 'sealed' && status.data && shares ? (
        <Unseal
          shares={shares}
          readAt={status.dataUpdatedAt}
          stale={status.error && <Stale error={status.error} />}
          onGiven={() => void status.refetch()}
          onAnew={setupToken ? () => setAnew(true) : undefined}
        />
      ) : (
        <Door title={open ? 'The seal is open' : state === 'sealed' ? 'Claviger is sealed' : 'The seal'}>
          {status.error && !status.data ? (
            <Failure error={status.error} retry={() => void status.refetch()} />
          ) : open ? (
            <p role="status">Going on…</p>
          ) : status.data ? (
            <p role="status">{status.data.message}</p>
          ) : (
            <Skeleton height={180} />
          )}
        </Door>
      )}
      <Announcer />
    </>
  )
}

/**
 * To where the person was; on a new server to its first run, since nobody could sign in there yet. The page is loaded anew: the server may be
 * a newer one than when it was loaded.
 */
async function goOn(): Promise<void> {
  const setup = await ask(identity.setupStatus).catch(() => undefined)
  if (setup?.open && window.location.pathname !== '/setup') window.history.replaceState(null, '', '/setup')
  putTokenBack()
  window.location.reload()
}
