import { useState } from 'react'
import { Refused } from '../api.ts'
import { withPasskey } from '../passkeys/with-passkey.ts'

export interface StepUp {
  code: string
  setCode: (code: string) => void
  busy: 'code' | 'passkey' | undefined
  error: unknown
  /** Does it with either. Resolves with what went wrong; undefined: it is done. */
  say: (by: 'code' | 'passkey') => Promise<unknown>
}

/** A code or a passkey that says yes to `act` now; it gets either as `code`, and is asked twice for a passkey: the first time nothing is done. */
export function useStepUp(act: (code: string) => Promise<unknown>): StepUp {
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState<StepUp['busy']>()
  const [error, setError] = useState<unknown>()
  const say: StepUp['say'] = async (by) => {
    setBusy(by)
    setError(undefined)
    try {
      await (by === 'code' ? act(code) : withPasskey(act))
      return undefined
    } catch (failed) {
      // a code is accepted once, also by a refusal
      if (failed instanceof Refused) setCode('')
      setError(failed)
      return failed
    } finally {
      setBusy(undefined)
    }
  }
  return { code, setCode, busy, error, say }
}
