import { useEffect } from 'react'
import { type Playback, speeds } from './use-playback.ts'

/** The next slower or faster speed; the same one at either end. */
export const otherSpeed = (speed: number, step: 1 | -1): number => speeds[(speeds as readonly number[]).indexOf(speed) + step] ?? speed

/** Space, arrows, < and >, i: before the player's own keys, which know neither the session's time nor the speed. */
export function useReplayKeys(playback: Playback): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('[role="dialog"]')) return
      const at = event.target
      if (at instanceof HTMLInputElement && at.type !== 'range' && at.type !== 'radio' && at.type !== 'checkbox') return
      const isControl = at instanceof HTMLElement && at.closest('button, a, input, summary') !== null
      const acts: Record<string, (() => void) | undefined> = {
        ' ': isControl ? undefined : playback.toggle,
        ArrowLeft: isControl ? undefined : () => playback.seek(playback.time - 5),
        ArrowRight: isControl ? undefined : () => playback.seek(playback.time + 5),
        '<': () => playback.setSpeed(otherSpeed(playback.speed, -1)),
        '>': () => playback.setSpeed(otherSpeed(playback.speed, 1)),
        i: () => playback.setSkipIdle(!playback.skipIdle),
      }
      const act = acts[event.key]
      if (!act) return
      event.preventDefault()
      event.stopPropagation()
      act()
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [playback])
}
