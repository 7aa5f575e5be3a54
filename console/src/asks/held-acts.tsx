import type { asks } from '@claviger/api'
import { useEffect, useRef, useState } from 'react'
import { useRefuseAct } from '../data/asks.ts'
import type { Pages } from '../data/pages.ts'
import { announce } from '../ui/announcer.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { More } from '../ui/more.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { outcomeInWords } from '../words/asks.ts'
import { AllowAct } from './allow-act.tsx'
import { DecidedAct } from './decided-act.tsx'
import styles from './held.module.css'
import { HeldAct } from './held-act.tsx'

type Ask = asks.SessionAsk
const mostGone = 5

/** Acts that are held in sessions, with what the viewer may do about them; what became of those that left stands below. Nothing while there are none. */
export function HeldActs({ held, inSession = false }: { held: Pages<Ask>; inSession?: boolean }) {
  const gone = useGone(held)
  const [deciding, setDeciding] = useState<{ held: Ask; verdict: 'allow' | 'refuse'; opened: boolean }>()
  const close = () => setDeciding((now) => now && { ...now, opened: false })
  const rows = held.data ?? []
  if (!held.data && held.error) return <Failure error={held.error} retry={() => held.refetch()} />
  if (rows.length === 0 && gone.length === 0 && !deciding) return null
  return (
    <section className={styles.section} aria-label="Held in sessions">
      {held.error && <Stale error={held.error} />}
      {rows.map((one) => (
        <HeldAct
          key={one.id}
          held={one}
          inSession={inSession}
          onAllow={() => setDeciding({ held: one, verdict: 'allow', opened: true })}
          onRefuse={() => setDeciding({ held: one, verdict: 'refuse', opened: true })}
        />
      ))}
      <More list={held} />
      {gone.map((one) => (
        <DecidedAct key={one.id} ask={one} />
      ))}
      {deciding && (
        <>
          <AllowAct
            key={deciding.held.id}
            opened={deciding.opened && deciding.verdict === 'allow'}
            held={deciding.held}
            over={!rows.some(({ id }) => id === deciding.held.id)}
            onClose={close}
          />
          <RefuseAct opened={deciding.opened && deciding.verdict === 'refuse'} held={deciding.held} onClose={close} />
        </>
      )}
    </section>
  )
}

function RefuseAct({ held, opened, onClose }: { held: Ask; opened: boolean; onClose: () => void }) {
  const refuse = useRefuseAct(held.id)
  return (
    <ReasonDialog
      opened={opened}
      onClose={onClose}
      title="Refuse this act"
      label="Reason"
      placeholder="Not during the freeze"
      confirm="Refuse"
      act={async (reason) => announce(outcomeInWords(await refuse.mutateAsync(reason)))}
    >
      It is not done, the session goes on, and {held.person.displayName} reads the reason that you give.
    </ReasonDialog>
  )
}

/** Those that stood here as held and do not any more; the newest first. */
function useGone({ data }: Pages<Ask>): readonly Ask[] {
  const seen = useRef<readonly Ask[]>([])
  const [gone, setGone] = useState<readonly Ask[]>([])
  useEffect(() => {
    if (!data) return
    const left = seen.current.filter(({ id }) => !data.some((one) => one.id === id))
    seen.current = data
    if (left.length > 0) setGone((before) => [...left, ...before].slice(0, mostGone))
  }, [data])
  return gone
}
