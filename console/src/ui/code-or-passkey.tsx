import { Refused } from '../api.ts'
import { PasskeyButton } from '../passkeys/passkey-button.tsx'
import { CodeField } from './code-field.tsx'
import { Problem } from './failure.tsx'
import type { StepUp } from './use-step-up.ts'

interface Props {
  stepUp: StepUp
  /** What the code is for. */
  about: string
  /** What is done with it. */
  does: string
  /** Whether what is asked for besides is given. */
  ready: boolean
  /** Whether a passkey can be used here. */
  passkey: boolean
  autoFocus?: boolean
  onPasskey: () => void
}

/** Wherever a fresh code is asked for: the six digits, below them the passkey that says the same, and what was wrong with either. */
export const CodeOrPasskey = ({ stepUp, about, does, ready, passkey, autoFocus, onPasskey }: Props) => (
  <>
    <CodeField
      label="Code"
      description={about}
      value={stepUp.code}
      onChange={stepUp.setCode}
      invalid={stepUp.error instanceof Refused && stepUp.error.body.code !== freshCodeNeeded}
      autoFocus={autoFocus ?? false}
    />
    {passkey && (
      <PasskeyButton does={does} busy={stepUp.busy === 'passkey'} disabled={!ready || stepUp.busy === 'code'} onClick={onPasskey} />
    )}
    <Problem error={stepUp.error} />
  </>
)

/** Says that it takes a code, where none was asked for before. */
export const freshCodeNeeded = 'access.fresh_code_needed'
