import { useEffect } from 'react'

/** The tab says what the page is, and how much waits. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Claviger`
  }, [title])
}
