import { useCallback, useEffect, useRef, useState } from 'react'
import { announce } from '../ui/announcer.tsx'

/** How long a credential stays on the page and in the clipboard. */
export const keptSeconds = 30

export interface Shown {
  value: string
  /** Of a file its name, under which it is saved; `value` is base64 then. */
  file: string | undefined
  /** When it goes away. Milliseconds since 1970. */
  until: number
}

/** A page that is not in front may not write to the clipboard: then the browser says no, and so do we. */
const emptied = () =>
  navigator.clipboard.writeText('').then(
    () => true,
    () => false,
  )

/** A credential that was shown: kept in this component alone, and taken away again, from the clipboard too where it was put there. */
export function useShown() {
  const [shown, setShown] = useState<Shown>()
  const [left, setLeft] = useState(false)
  const copied = useRef(false)

  const away = useCallback(async () => {
    setShown(undefined)
    if (!copied.current) return announce('The credential was taken away.')
    const gone = await emptied()
    copied.current = !gone
    setLeft(!gone)
    announce(gone ? 'The credential was taken away, and cleared from the clipboard.' : 'The credential was taken away.')
  }, [])

  useEffect(() => {
    if (!shown) return
    const timer = setTimeout(() => void away(), shown.until - Date.now())
    return () => clearTimeout(timer)
  }, [shown, away])

  // what could not be cleared from behind is cleared when the page is in front again, or left
  useEffect(() => {
    const clear = async () => {
      if (!copied.current || shown || !(await emptied())) return
      copied.current = false
      setLeft(false)
    }
    window.addEventListener('focus', clear)
    return () => window.removeEventListener('focus', clear)
  }, [shown])
  useEffect(() => () => void (copied.current && emptied()), [])

  return {
    shown,
    /** It is still in the clipboard, and we could not take it out. */
    left,
    show: (value: string, file?: string) => setShown({ value, file, until: Date.now() + keptSeconds * 1000 }),
    away,
    async copy() {
      if (!shown) return
      const done = await navigator.clipboard.writeText(shown.value).then(
        () => true,
        () => false,
      )
      copied.current = copied.current || done
      announce(done ? 'Copied. The clipboard is cleared when the credential goes away.' : 'The browser does not let this page copy.')
    },
  }
}
