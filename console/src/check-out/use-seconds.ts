import { useEffect, useState } from 'react'

/** The time, every second: for a clock that counts down before somebody's eyes. `until` is where it stops. Milliseconds since 1970. */
export function useSeconds(until: number): number {
  const [now, setNow] = useState(Date.now)
  const over = now >= until
  useEffect(() => {
    if (over) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [over])
  return now
}
