import type { policy as api } from '@claviger/api'
import { VisuallyHidden } from '@mantine/core'
import { inWords } from '../words/duration.ts'
import { ActEffects } from './act-effects.tsx'
import styles from './change.module.css'
import { several } from './several.ts'

type Effect = api.PolicyEffect

/** Who gains and who loses. */
export function Effects({ preview: { effects, acts, looked, complete } }: { preview: api.PolicyPreview }) {
  return (
    <section className={styles.effects}>
      {effects.length === 0 ? (
        <p className="quiet">
          No request of anybody who is here now would be answered differently. Floors at release and in sessions are not tried.
        </p>
      ) : (
        <ul aria-label="Who gains and who loses">
          {effects.map((effect) => (
            <li key={JSON.stringify([effect.people, effect.groups, effect.action, effect.accounts[0], effect.before, effect.after])}>
              <strong title={effect.people.join(', ')}>{several(effect.people, 3)}</strong>{' '}
              {effect.action === 'reveal' ? 'seeing' : 'connecting to'}{' '}
              <span title={effect.accounts.join(', ')}>{several(effect.accounts, 3)}</span>
              <span className={styles.terms}>
                <span>{said(effect.before)}</span> <span aria-hidden="true">→</span>
                <VisuallyHidden>becomes</VisuallyHidden> <strong data-no={effect.after === null || undefined}>{said(effect.after)}</strong>
              </span>
            </li>
          ))}
        </ul>
      )}
      {acts.length > 0 && <ActEffects acts={acts} />}
      <p className="quiet">
        Looked at {looked.people} {looked.people === 1 ? 'person' : 'people'} and {looked.accounts} accounts
        {complete ? '.' : '; there are more, of which each sort was looked at.'}
      </p>
    </section>
  )
}

function said(terms: Effect['before']): string {
  if (terms === null) return 'not at all'
  const { approvals, maxSeconds, itsmTicket, mfa, reveal, session } = terms
  return [
    approvals === 0 ? 'no approval' : approvals === 1 ? '1 approval' : `${approvals} approvals`,
    `at most ${inWords(maxSeconds)}`,
    ...(itsmTicket ? ['a ticket'] : []),
    ...(mfa === 'fresh' ? ['a fresh code'] : []),
    ...(reveal === 'allowed' ? ['may be shown'] : []),
    ...(session?.supervised ? ['supervised'] : []),
    ...(session?.resultBytes ? [`keeps ${session.resultBytes / 1024} KiB of each result`] : []),
    ...(session?.sessions ? [`${session.sessions} at once`] : []),
    ...(session ? [`idle ${inWords(session.idleSeconds)}`, `sessions of ${inWords(session.longestSeconds)}`] : []),
  ].join(', ')
}
