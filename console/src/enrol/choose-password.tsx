import { PasswordInput } from '@mantine/core'

export const shortest = 12

interface Props {
  value: string
  onChange: (password: string) => void
  again: string
  onAgain: (password: string) => void
}

/** Why the two fields cannot be sent yet; undefined when they can. */
export function passwordBlocked(password: string, again: string): string | undefined {
  if (password.length < shortest) return `At least ${shortest} characters`
  if (password !== again) return 'The two are not the same'
  return undefined
}

export function ChoosePassword({ value, onChange, again, onAgain }: Props) {
  const short = value.length > 0 && value.length < shortest
  const toggle = { 'aria-label': 'Show or hide the password', tabIndex: 0 }
  return (
    <>
      <PasswordInput
        label="Password"
        description={`${shortest} characters or more; a sentence is easy to remember`}
        autoComplete="new-password"
        maxLength={256}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={short && `${shortest - value.length} more to go`}
        visibilityToggleButtonProps={toggle}
        required
        withAsterisk={false}
      />
      <PasswordInput
        label="Password again"
        autoComplete="new-password"
        maxLength={256}
        value={again}
        onChange={(event) => onAgain(event.currentTarget.value)}
        error={again.length > 0 && !value.startsWith(again) && 'The two are not the same'}
        visibilityToggleButtonProps={toggle}
        required
        withAsterisk={false}
      />
    </>
  )
}
