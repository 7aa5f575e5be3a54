import type { policy as api } from '@claviger/api'
import type { ReactNode } from 'react'
import { PlainChip, StateChip } from '../ui/chip.tsx'
import { inWords } from '../words/duration.ts'
import { highlighted } from './highlight.ts'
import styles from './policies.module.css'

/** One rule: what it is called, what it demands, and its source behind a fold. */
export function PolicyCard({ policy: p, children }: { policy: api.Policy; children?: ReactNode }) {
  return (
    <article className={styles.card} data-forged={p.forged !== null || undefined}>
      <header className={styles.head}>
        <h3>
          <code>{p.name}</code>
        </h3>
        {p.forged !== null ? <StateChip word="Forged" tone="bad" /> : <Demands policy={p} />}
      </header>
      {(p.forged ?? p.says ?? p.title) && <p className={styles.says}>{p.forged ?? p.says ?? p.title}</p>}
      <div className={styles.foot}>
        <details>
          <summary>Source</summary>
          <pre className={styles.source}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
            <code tabIndex={0}>
              {highlighted(p.source).map(({ kind, text, at }) => (
                <span key={at} data-kind={kind}>
                  {text}
                </span>
              ))}
            </code>
          </pre>
        </details>
        {children}
      </div>
    </article>
  )
}

/** Where nothing is said of it, in seconds. */
const usualIdle = 900
const acts = { allow: 'in sessions: passes', alert: 'in sessions: passes, with an alarm', ask: 'in sessions: needs somebody else’s yes' }

export function Demands({ policy: p }: { policy: Pick<api.Policy, 'demands' | 'effect' | 'act' | 'waitSeconds'> }) {
  if (p.act)
    return (
      <span className={styles.chips}>
        <PlainChip>{acts[p.act]}</PlainChip>
        {p.waitSeconds !== null && <PlainChip>held at most {inWords(p.waitSeconds)}</PlainChip>}
      </span>
    )
  if (!p.demands) return <PlainChip>{p.effect === 'forbid' ? 'forbids' : 'unreadable'}</PlainChip>
  const { approvals, maxSeconds, itsmTicket, mfa, reveal, session } = p.demands
  return (
    <span className={styles.chips}>
      <PlainChip>{approvals === 0 ? 'no approval' : approvals === 1 ? '1 approval' : `${approvals} approvals`}</PlainChip>
      <PlainChip>at most {inWords(maxSeconds)}</PlainChip>
      {itsmTicket && <PlainChip>ITSM ticket</PlainChip>}
      {mfa === 'fresh' && <PlainChip>fresh code</PlainChip>}
      {session?.supervised && <PlainChip>supervised</PlainChip>}
      {session?.resultBytes && <PlainChip>keeps {session.resultBytes / 1024} KiB of each result</PlainChip>}
      {session?.sessions && <PlainChip>{session.sessions} at once</PlainChip>}
      {session && session.idleSeconds !== usualIdle && <PlainChip>idle {inWords(session.idleSeconds)}</PlainChip>}
      {session && session.longestSeconds < maxSeconds && <PlainChip>sessions of {inWords(session.longestSeconds)}</PlainChip>}
      <PlainChip>{reveal === 'never' ? 'never shown' : 'may be shown'}</PlainChip>
    </span>
  )
}
