import type { access } from '@claviger/api'
import type { usePreview } from '../data/access.ts'
import { Problem } from '../ui/failure.tsx'
import { obligationsInWords } from '../words/access.ts'
import styles from './policy-answer.module.css'

const list = new Intl.ListFormat('en-GB', { type: 'disjunction' })

interface Props {
  preview: ReturnType<typeof usePreview>
  asked: boolean
  action: access.Grant['action']
}

/** What policy says to what is typed so far. Keeps its room, so that the form does not jump while one types. */
export function PolicyAnswer({ preview, asked, action }: Props) {
  const answer = asked ? preview.data : undefined
  return (
    <section className={styles.answer} aria-live="polite" aria-label="What policy demands" data-no={answer?.allowed === false || undefined}>
      <h2>What policy demands</h2>
      {!asked && <p className="quiet">Shown here as soon as account and time are given.</p>}
      {asked && preview.isPending && <p className="quiet">Asking …</p>}
      {asked && preview.error && <Problem error={preview.error} />}
      {answer && !answer.allowed && <p>{answer.message ?? 'Policy does not allow this.'}</p>}
      {answer?.allowed && answer.obligations && <p>{obligationsInWords(answer.obligations, action).join(' · ')}</p>}
      {answer?.allowed && answer.approvers.length > 0 && (
        <p>
          Will be asked: <strong>{list.format(answer.approvers)}</strong>
        </p>
      )}
      {answer && answer.because.length > 0 && <p className={styles.because}>Because of {answer.because.join(', ')}</p>}
    </section>
  )
}
