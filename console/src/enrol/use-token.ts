import { useEffect, useState } from 'react'
import { tokenFrom } from '../paths.ts'

/** The token of the one-time link, taken out of the address at once: it must not stay in the history or be shown on a shared screen. */
export function useToken(): string | undefined {
  const [token] = useState(() => tokenFrom(window.location.search, window.location.hash))
  useEffect(() => {
    if (token) window.history.replaceState(window.history.state, '', window.location.pathname)
  }, [token])
  return token
}
