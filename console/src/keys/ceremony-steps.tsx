import { Button } from '@mantine/core'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { handOut } from '../seal/handing-out.ts'
import { Progress } from '../seal/progress.tsx'
import type { SealStatus } from '../seal/use-seal.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Section } from '../ui/detail-page.tsx'
import { Problem } from '../ui/failure.tsx'
import { inWords } from '../words/duration.ts'
import { GiveShare } from './give-share.tsx'
import styles from './keys.module.css'
import { Step } from './step.tsx'
import { type Ceremony, confirmCeremony, dropCeremony, goOn, useBegun } from './use-ceremony.ts'
import { goalInWords } from './words.ts'

interface Props {
  ceremony: Ceremony
  kind: SealStatus['kind']
  readAt: number
  onChanged: () => void
}

/** A ceremony that is under way: who is missing, and for whoever began it, how it goes on. */
export function CeremonySteps({ ceremony, kind, readAt, onChanged }: Props) {
  const viewer = useViewer()
  const begunHere = useBegun()
  const [asked, setAsked] = useState<'confirm' | 'drop'>()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const { phase, confirmed, old, back, endsIn } = ceremony
  const gathered = phase !== 'gathering' || (confirmed && old !== null && old.given >= old.threshold)

  const go = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const made = await goOn()
      if (made) handOut(made)
      else announce('Done.')
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
      onChanged()
    }
  }

  return (
    <Section
      title={goalInWords(ceremony, kind)}
      aside={
        <Button variant="default" size="xs" onClick={() => setAsked('drop')}>
          Give it up…
        </Button>
      }
    >
      <p className={styles.about} role="status">
        {phase === 'gathering' && 'People or shares are missing.'}
        {phase === 'ready' && 'Everybody is there.'}
        {phase === 'verifying' && 'New shares are handed out, and typed back.'} It ends by itself in {inWords(Math.ceil(endsIn / 60) * 60)},
        and until its last step nothing is changed.
      </p>
      <ol className={styles.steps}>
        <Step title="A second person confirms" done={confirmed}>
          {!confirmed &&
            (begunHere ? (
              <p className={styles.about}>
                You began it: an administrator or a security officer, whichever you are not, opens this page and confirms.
              </p>
            ) : (
              <Button onClick={() => setAsked('confirm')}>Confirm…</Button>
            ))}
        </Step>
        {kind === 'shamir' && (
          <Step title="Custodians give their shares" done={back !== null || (old !== null && old.given >= old.threshold)}>
            {old && (
              <>
                <Progress given={old.given} threshold={old.threshold} forgottenIn={old.forgottenIn} readAt={readAt} />
                {old.given < old.threshold && <GiveShare set={old.set} onGiven={onChanged} />}
              </>
            )}
          </Step>
        )}
        <Step title={ceremony.goal === 'rotate' ? 'The new keys are made' : 'The new root key is made'} done={phase === 'verifying'}>
          {phase !== 'verifying' &&
            (begunHere ? (
              <>
                <Problem error={error} />
                <Button onClick={() => void go()} loading={busy} disabled={phase !== 'ready'}>
                  Make {ceremony.goal === 'rotate' ? 'the new keys' : 'the new root key'}
                </Button>
              </>
            ) : (
              <p className={styles.about}>
                {gathered ? 'Whoever began it goes on, where they began it.' : 'Then whoever began it goes on, where they began it.'}
              </p>
            ))}
        </Step>
        {back && (
          <Step title="Each custodian types the new share back" done={false}>
            <Progress given={back.given} threshold={back.shares} forgottenIn={null} readAt={readAt} />
            <GiveShare set={back.set} onGiven={onChanged} />
          </Step>
        )}
      </ol>
      <CodeDialog
        opened={asked === 'confirm'}
        onClose={() => setAsked(undefined)}
        title="Confirm the ceremony"
        confirm="Confirm"
        act={({ code }) => confirmCeremony(code).then(onChanged)}
      >
        {goalInWords(ceremony, kind)}. You say yes as {viewer.person.displayName}, and it is recorded.
      </CodeDialog>
      <CodeDialog
        opened={asked === 'drop'}
        onClose={() => setAsked(undefined)}
        title="Give the ceremony up"
        confirm="Give it up"
        danger
        act={({ code }) => dropCeremony(code).then(onChanged)}
      >
        What was typed is forgotten, and new shares that were handed out are worth nothing. What opens the server now still does.
      </CodeDialog>
    </Section>
  )
}
