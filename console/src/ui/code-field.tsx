import { useEffect, useId, useRef } from 'react'
import styles from './code-field.module.css'

interface Props {
  label: string
  description?: string
  value: string
  onChange: (code: string) => void
  /** Called as soon as the sixth digit is there. Left out where a person must still press a button. */
  onComplete?: (code: string) => void
  disabled?: boolean
  autoFocus?: boolean
  invalid?: boolean
}

const cells = [0, 1, 2, 3, 4, 5]

/**
 * The six digits of an authenticator. One real input under six drawn cells: pasting, autofill from a phone,
 * password managers and screen readers all meet an ordinary text field.
 */
export function CodeField({ label, description, value, onChange, onComplete, disabled, autoFocus, invalid }: Props) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  // a refused code is typed again: the next one belongs here
  useEffect(() => {
    if (invalid) input.current?.focus()
  }, [invalid])
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      {description && (
        <p id={`${id}-about`} className={styles.description}>
          {description}
        </p>
      )}
      <div className={styles.cells} data-invalid={invalid || undefined} data-disabled={disabled || undefined}>
        <input
          ref={input}
          id={id}
          className={styles.input}
          value={value}
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="[0-9]{6}"
          maxLength={11}
          spellCheck={false}
          disabled={disabled}
          // biome-ignore lint/a11y/noAutofocus: the field is what the step or dialog consists of
          autoFocus={autoFocus}
          // what a dialog gives the focus to; without it, to its close button
          data-autofocus={autoFocus || undefined}
          aria-describedby={description ? `${id}-about` : undefined}
          aria-invalid={invalid || undefined}
          onChange={(event) => {
            // "123 456" is how authenticators show it, and how it is pasted
            const code = event.target.value.replace(/\D/g, '').slice(0, 6)
            onChange(code)
            if (code.length === 6 && code !== value) onComplete?.(code)
          }}
        />
        {cells.map((cell) => (
          <span key={cell} className={styles.cell} data-next={cell === Math.min(value.length, 5) || undefined} aria-hidden="true">
            {value[cell] ?? ''}
          </span>
        ))}
      </div>
    </div>
  )
}
