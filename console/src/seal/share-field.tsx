import { Button, Input, Textarea, TextInput } from '@mantine/core'
import { useId } from 'react'
import styles from './seal.module.css'
import { lettersOf, shareLetters } from './words.ts'

interface Props {
  value: string
  onChange: (share: string) => void
  shown: boolean
  onShow: (shown: boolean) => void
  /** Of what set, for whoever holds shares of several. */
  set: string
  invalid: boolean
}

// what browsers and password managers would otherwise remember, correct or send away to be checked
const unremembered = {
  ...{ autoComplete: 'off', autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false },
  ...{ 'data-1p-ignore': true, 'data-lpignore': 'true', 'data-bwignore': true, 'data-form-type': 'other' },
} as const

/** One share: dots unless its custodian wants to see it, and then all of it, to be compared letter by letter. */
export function ShareField({ value, onChange, shown, onShow, set, invalid }: Props) {
  const id = useId()
  const typed = lettersOf(value)
  const common = {
    ...unremembered,
    id,
    value,
    maxLength: 400,
    error: invalid,
    'aria-describedby': `${id}-about ${id}-count`,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  }
  return (
    <div>
      <div className={styles.labelRow}>
        <Input.Label htmlFor={id}>Your share</Input.Label>
        <Button variant="subtle" size="compact-xs" aria-pressed={shown} onClick={() => onShow(!shown)}>
          {shown ? 'Hide' : 'Show'}
          <span className={styles.unseen}> the share</span>
        </Button>
      </div>
      <Input.Description id={`${id}-about`}>
        Of set <code>{set}</code>. It begins with clvs; case, hyphens and spaces do not matter.
      </Input.Description>
      {shown ? (
        <Textarea {...common} autosize minRows={3} maxRows={6} classNames={{ input: `${styles.typed} ${styles.mono}` }} />
      ) : (
        <TextInput {...common} type="password" classNames={{ input: styles.typed ?? '' }} />
      )}
      <p className={styles.count} id={`${id}-count`}>
        {value.trim() === '' ? 'Hidden as you type or paste.' : `${typed} of ${shareLetters} letters and digits`}
      </p>
    </div>
  )
}
