import { useEffect, useState } from 'react'
import { tokenFrom } from '../paths.ts'

// the page may give way to that of the seal, and the address has it no more then
let kept: { path: string; token: string } | undefined

function take(): string | undefined {
  const { pathname: path, search, hash } = window.location
  const token = tokenFrom(search, hash)
  if (token) kept = { path, token }
  return token ?? (kept?.path === path ? kept.token : undefined)
}

/** The token of the one-time link, taken out of the address at once: it must not stay in the history or be shown on a shared screen. */
export function useToken(): string | undefined {
  const [token] = useState(take)
  useEffect(() => {
    if (token) window.history.replaceState(window.history.state, '', window.location.pathname)
  }, [token])
  return token
}

/** Into the address again, before the page is loaded anew. */
export function putTokenBack(): void {
  const { pathname } = window.location
  if (kept?.path === pathname) window.history.replaceState(window.history.state, '', `${pathname}#token=${kept.token}`)
}
