import type { AnswerOf, session } from '@claviger/api'
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react'
import { Copyable } from '../ui/copyable.tsx'
import { keystrokesInWords, verificationInWords } from '../words/session.ts'
import styles from './verification.module.css'

type Answer = AnswerOf<typeof session.replayCommands>

/** Whether what is replayed is what was sealed: before the replay, since a replay of a changed file proves nothing. */
export function Verification({ verified, keystrokes }: Pick<Answer, 'verified'> & { keystrokes?: Answer['keystrokes'] }) {
  const { word, tone, sentence } = verificationInWords(verified)
  const Icon = tone === 'bad' ? IconAlertTriangle : IconShieldCheck
  return (
    <section className={styles.verification} data-tone={tone} aria-label="Verification">
      <Icon size={20} aria-hidden="true" className={styles.icon} />
      <div className={styles.text}>
        <p>
          <strong>{word}.</strong> {sentence}{' '}
          <span className={styles.head}>
            Head <Copyable value={verified.head} shown={`${verified.head.slice(0, 12)}…`} what="head hash" />
          </span>
        </p>
        {keystrokes && <p className={styles.keys}>{keystrokesInWords(keystrokes)}</p>}
      </div>
    </section>
  )
}
