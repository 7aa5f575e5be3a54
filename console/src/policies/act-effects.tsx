import type { policy as api } from '@claviger/api'
import { VisuallyHidden } from '@mantine/core'
import { inWords } from '../words/duration.ts'
import styles from './change.module.css'
import { several } from './several.ts'

type Effect = api.PolicyActEffect

/** What policies say of acts in sessions: what would be held, of whom, and who would be asked. */
export function ActEffects({ acts }: { acts: readonly Effect[] }) {
  return (
    <>
      <p className="quiet">In sessions. What a policy says of the act itself is not tried: it stands in its text.</p>
      <ul aria-label="What is done in sessions">
        {acts.map((effect) => (
          <li key={JSON.stringify([effect.policy, effect.people, effect.accounts[0], effect.before, effect.after])}>
            <strong title={effect.people.join(', ')}>{several(effect.people, 3)}</strong> on{' '}
            <span title={effect.accounts.join(', ')}>{several(effect.accounts, 3)}</span>
            <span className={styles.terms}>
              <span>{said(effect.before)}</span> <span aria-hidden="true">→</span>
              <VisuallyHidden>becomes</VisuallyHidden> <strong>{said(effect.after)}</strong>
            </span>
            {effect.asked && <span className={styles.terms}>{askedFor(effect.asked)}</span>}
          </li>
        ))}
      </ul>
    </>
  )
}

const kinds = { run: 'commands', transfer: 'transfers of files', query: 'statements', forward: 'forwarded connections' } as const

function said(acts: Effect['before']): string {
  if (acts === null) return 'nothing said'
  const what = `${acts.conditional ? 'some ' : ''}${acts.actions.map((one) => kinds[one]).join(', ')}`
  if (acts.act === 'ask') return `${what} held until somebody else allows them, at most ${inWords(acts.waitSeconds ?? 0)}`
  return `${what} pass${acts.act === 'alert' ? ', with an alarm' : ''}`
}

function askedFor({ groups, names, more }: NonNullable<Effect['asked']>): string {
  const who = groups.join(' or ')
  if (names.length === 0) return `Nobody is in ${who}: they are refused.`
  return `Asked: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''} (${who}).`
}
