import { Button, Stack, TextInput } from '@mantine/core'
import { IconEyeOff } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Door } from '../sign-in/door.tsx'
import { useTitle } from '../ui/use-title.ts'
import styles from './seal.module.css'
import type { Made } from './use-seal.ts'
import { endsWith, groupsOf } from './words.ts'

/** How a custodian shows that a share was written down. */
export interface CheckProps {
  share: string
  number: number
  last: boolean
  onAgain: () => void
  onRight: () => void
}

interface Props {
  made: Made
  onDone: () => void
  /** Left out: by the end of it. */
  check?: (props: CheckProps) => ReactNode
  /** What the last page says, and where its button leads. */
  end?: { about: ReactNode; button: string }
}

/** Shows each share once, to its custodian, and makes sure that it was written down before the next one comes. */
export function HandOut({ made, onDone, check: CheckStep = Check, end }: Props) {
  const { threshold, set } = made
  const shares = useRef([...made.shares])
  const count = made.shares.length
  const [at, setAt] = useState(0)
  const [step, setStep] = useState<'covered' | 'shown' | 'check'>('covered')
  const box = useRef<HTMLDivElement>(null)
  useTitle(at < count ? `Share ${at + 1} of ${count}` : 'Shares handed out')

  // leaving now would lose shares that nobody has
  const left = at < count
  useEffect(() => {
    if (!left) return
    const onLeave = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', onLeave)
    return () => window.removeEventListener('beforeunload', onLeave)
  }, [left])
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step is read from its beginning
  useEffect(() => box.current?.focus(), [at, step])

  if (!left)
    return (
      <Door title="Every custodian has a share">
        <Stack gap="md">
          <p className={styles.about}>
            {end?.about ?? (
              <>
                Set <code>{set}</code>: any {threshold} of the {count} shares open the server, now and after every start. Claviger kept none
                of them, and nobody can make them again.
              </>
            )}
          </p>
          <Button onClick={onDone} fullWidth>
            {end?.button ?? 'Go on to open it'}
          </Button>
        </Stack>
      </Door>
    )
  const share = shares.current[at] ?? ''
  return (
    <Door
      title={`Share ${at + 1} of ${count}`}
      foot="Do not close this page: the shares that are left would be lost, and all must be made anew."
    >
      <div ref={box} tabIndex={-1} className={styles.step}>
        {step === 'covered' && (
          <Stack gap="md">
            <p className={styles.cover}>
              <IconEyeOff size={20} stroke={1.6} aria-hidden="true" />
              <span>Only the custodian of share {at + 1} looks at this screen now.</span>
            </p>
            <Button onClick={() => setStep('shown')} fullWidth>
              Show share {at + 1}
            </Button>
          </Stack>
        )}
        {step === 'shown' && (
          <Stack gap="md">
            <p className={styles.about}>Write all of it down, on paper or in your own password manager, where nobody else comes.</p>
            <p className={styles.share} translate="no">
              {groupsOf(share).map((group, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: groups may be alike, and never move
                <code key={i}>{group}</code>
              ))}
            </p>
            <Button onClick={() => setStep('check')} fullWidth>
              I have written it down
            </Button>
          </Stack>
        )}
        {step === 'check' && (
          <CheckStep
            key={at}
            share={share}
            number={at + 1}
            last={at + 1 === count}
            onAgain={() => setStep('shown')}
            onRight={() => {
              shares.current[at] = ''
              setStep('covered')
              setAt(at + 1)
            }}
          />
        )}
      </div>
    </Door>
  )
}

/** The end of the share, from the paper: who cannot tell it has not written it down. */
function Check({ share, number, last, onAgain, onRight }: CheckProps) {
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (endsWith(share, typed)) onRight()
    else setWrong(true)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={`The last group of share ${number}`}
          description="Read it from what you wrote."
          classNames={{ input: styles.mono ?? '' }}
          value={typed}
          maxLength={12}
          {...unremembered}
          error={wrong && `Share ${number} does not end like that. Look at it again and compare all of it.`}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            setWrong(false)
          }}
        />
        <Button type="submit" disabled={typed.trim() === ''} fullWidth>
          {last ? 'Done' : 'Hand over to the next'}
        </Button>
        <Button variant="default" onClick={onAgain} fullWidth>
          Show it again
        </Button>
      </Stack>
    </form>
  )
}

const unremembered = { autoComplete: 'off', autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false } as const
