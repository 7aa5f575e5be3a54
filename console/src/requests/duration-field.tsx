import { TextInput, UnstyledButton } from '@mantine/core'
import { inWords, readDuration, toSeconds } from '../words/duration.ts'
import styles from './duration-field.module.css'

const usual = ['30m', '1h', '2h', '4h'] as const

interface Props {
  value: string
  onChange: (duration: string) => void
  /** The longest that policy allows, in seconds, once it is known. */
  max: number | undefined
}

/** How long: what people usually ask for as one press, anything else typed. */
export function DurationField({ value, onChange, max }: Props) {
  const time = readDuration(value)
  const seconds = time === undefined ? undefined : toSeconds(time)
  const tooLong = max !== undefined && seconds !== undefined && seconds > max
  return (
    <div>
      <TextInput
        label="For how long"
        description={max === undefined ? 'Such as 45m or 1h30m' : `Such as 45m or 1h30m; at most ${inWords(max)}`}
        value={value}
        maxLength={24}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={value !== '' && (seconds === undefined ? 'A time such as 45m or 1h30m' : tooLong && `Policy allows at most ${inWords(max)}`)}
      />
      <div className={styles.usual}>
        {usual.map((choice) => (
          <UnstyledButton
            key={choice}
            className={styles.choice}
            aria-pressed={time === choice}
            disabled={max !== undefined && (toSeconds(choice) ?? 0) > max}
            onClick={() => onChange(choice)}
          >
            {inWords(toSeconds(choice) ?? 0)}
          </UnstyledButton>
        ))}
      </div>
    </div>
  )
}
