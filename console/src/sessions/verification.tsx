import type { AnswerOf, session } from '@claviger/api'
import { IconAlertTriangle, IconShieldCheck, IconShieldHalf } from '@tabler/icons-react'
import { Copyable } from '../ui/copyable.tsx'
import { keystrokesInWords, verificationInWords } from '../words/session.ts'
import styles from './verification.module.css'

type Answer = AnswerOf<typeof session.replayCommands>

/** Whether what is replayed is what was sealed: before the replay, since a replay of a changed file proves nothing. */
export function Verification({
  verified,
  live,
  keystrokes,
}: Pick<Answer, 'verified'> & { live?: boolean; keystrokes?: Answer['keystrokes'] }) {
  const { word, tone, sentence } = verificationInWords(verified, live)
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

/** While the whole is verified: what is shown meanwhile was checked by itself. */
function Verifying({ progress, error }: { progress: session.Checked | undefined; error: unknown }) {
  const percent = progress && progress.bytes > 0 ? Math.floor((progress.checked / progress.bytes) * 100) : 0
  return (
    <section className={styles.verification} data-tone="wait" aria-label="Verification">
      <IconShieldHalf size={20} aria-hidden="true" className={styles.icon} />
      <div className={styles.text}>
        <p>
          <strong>{error ? 'Not verified as a whole.' : 'Verifying.'}</strong> Each part is checked before it is shown.{' '}
          {error
            ? 'What the check of the whole file came to is not known: open the recording again.'
            : `Of the whole file, ${percent}% is.`}
        </p>
      </div>
    </section>
  )
}

interface Whole {
  /** Its session goes on. */
  live: boolean
  known: session.Checked['verified']
  whole: { data: session.Checked | undefined; error: unknown }
  keystrokes?: Answer['keystrokes']
}

/** What is known of it: what was said when it was opened, or since, or how far that is. */
export function VerifiedOrNot({ live, known, whole, keystrokes }: Whole) {
  const verified = known ?? whole.data?.verified
  if (!verified) return <Verifying progress={whole.data} error={whole.error} />
  return <Verification verified={verified} live={live} {...(keystrokes && { keystrokes })} />
}
