import type { asks } from '@claviger/api'
import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import { useSeconds } from '../check-out/use-seconds.ts'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { BlockedButton } from '../ui/blocked-button.tsx'
import { askedInWords, blockedInWords } from '../words/asks.ts'
import { clock } from '../words/duration.ts'
import styles from './held.module.css'
import { HeldText } from './held-text.tsx'

interface Props {
  held: asks.SessionAsk
  /** Whether it stands on the page of its session, which says who and where. */
  inSession: boolean
  onAllow: () => void
  onRefuse: () => void
}

/** One act that waits for somebody else's word: whose, where, what exactly, and for how long still. */
export function HeldAct({ held, inSession, onAllow, onRefuse }: Props) {
  const whyId = useId()
  const viewer = useViewer()
  const ends = Date.parse(held.expiresAt)
  const left = Math.max(0, ends - useSeconds(ends)) / 1000
  const blocked = blockedInWords(held)
  // approvers decide on what is held, and see no sessions of others
  const seesSession = viewer.overseesPeople || viewer.id === held.person.id
  const where = `${held.account}@${held.target}`
  const who = (
    <>
      {held.person.displayName} on <code>{where}</code>
    </>
  )
  return (
    <article className={styles.held} aria-label={`Held: ${held.person.displayName} on ${where}`}>
      <header className={styles.head}>
        <h3>
          {inSession ? 'Held until somebody else allows it' : seesSession ? <Link {...links.session(held.session)}>{who}</Link> : who}
        </h3>
        <span className={styles.left}>
          <span role="timer">{clock(left)}</span> left
        </span>
      </header>
      <HeldText act={held.act} unread={held.unread} />
      <p className={styles.asks}>{askedInWords(held.asked)}</p>
      <div className={styles.acts}>
        {blocked && (
          <p className={styles.why} id={whyId}>
            {blocked}
          </p>
        )}
        <BlockedButton size="xs" variant="default" blocked={blocked} whyId={whyId} onClick={onRefuse}>
          Refuse…
        </BlockedButton>
        <BlockedButton size="xs" blocked={blocked} whyId={whyId} onClick={onAllow}>
          Allow…
        </BlockedButton>
      </div>
    </article>
  )
}
