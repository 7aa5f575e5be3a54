import '@xterm/xterm/css/xterm.css'
import { web } from '@claviger/api'
import { Button, Switch } from '@mantine/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import { Problem } from '../ui/failure.tsx'
import { type Line, openLine } from './open-line.ts'
import { openScreen, type Screen } from './screen.ts'
import { type Held, SessionFrame } from './session-frame.tsx'
import styles from './web-session.module.css'

/** A terminal in the browser, under one's own grant. */
export const TerminalPage = () => <SessionFrame what="Terminal">{(held) => <Terminal key={held.grant.id} held={held} />}</SessionFrame>

type State = { now: 'before' | 'opening' | 'open' } | { now: 'over'; status: number | null; signal: string | null; why: string | null }

function Terminal({ held: { grant } }: { held: Held }) {
  const place = useRef<HTMLElement>(null)
  const end = useRef<HTMLButtonElement>(null)
  const running = useRef<{ screen: Screen; line?: Line }>(undefined)
  const [state, setState] = useState<State>({ now: 'before' })
  const [error, setError] = useState<unknown>()
  const leaving = useRef(false)
  const [readAloud, setReadAloud] = useState(false)
  const stop = useCallback(() => {
    running.current?.line?.close()
    running.current?.screen.dispose()
    running.current = undefined
  }, [])
  useEffect(() => stop, [stop])

  const begin = async () => {
    if (!place.current) return
    stop()
    leaving.current = false
    setError(undefined)
    setState({ now: 'opening' })
    const screen = openScreen(place.current, { readAloud, leave: () => end.current?.focus() })
    const mine: NonNullable<typeof running.current> = { screen }
    running.current = mine
    let last: web.TerminalHears | undefined
    try {
      const line = await openLine(grant.id, screen.size, {
        text(message) {
          last = web.terminalHears.parse(message)
        },
        bytes(bytes) {
          screen.show(bytes, () => mine.line?.say({ kind: 'took', bytes: bytes.length } satisfies web.TerminalSays))
        },
        gone() {
          if (running.current === mine)
            setState({ now: 'over', ...(last ?? { status: null, signal: null, why: leaving.current ? null : broken }) })
        },
      })
      mine.line = line
      screen.attach(line)
      if (running.current !== mine) return line.close()
      setState({ now: 'open' })
      screen.focus()
    } catch (refused) {
      stop()
      setError(refused)
      setState({ now: 'before' })
    }
  }

  return (
    <>
      {state.now === 'before' && (
        <div className={styles.before}>
          <p>
            What you type and see is <strong>recorded</strong> from the first byte, and may be watched. The credential is used for you; you
            never hold it.
          </p>
          <Switch
            label="Read the screen aloud (for screen readers)"
            checked={readAloud}
            onChange={(e) => setReadAloud(e.currentTarget.checked)}
          />
          <Button onClick={begin} data-autofocus>
            Begin the recorded session
          </Button>
          <Problem error={error} />
        </div>
      )}
      {(state.now === 'open' || state.now === 'opening') && (
        <div className={styles.bar}>
          <p role="status">{state.now === 'open' ? 'Open, and recorded' : 'Opening…'}</p>
          <p className={styles.hint}>F6 leaves the terminal · Ctrl-Shift-C copies · Ctrl-Shift-V pastes</p>
          <Button
            ref={end}
            size="xs"
            variant="default"
            onClick={() => {
              leaving.current = true
              running.current?.line?.close()
            }}
          >
            End session
          </Button>
        </div>
      )}
      {state.now === 'over' && (
        <div className={styles.bar}>
          <p role="status">{endInWords(state)}</p>
          <Button size="xs" onClick={begin}>
            Open another
          </Button>
        </div>
      )}
      <section ref={place} className={styles.screen} data-begun={state.now !== 'before' || undefined} aria-label="Screen" />
    </>
  )
}

const broken = 'The connection to Claviger broke, and with it the session. What was done is recorded; open another.'

function endInWords({ status, signal, why }: Extract<State, { now: 'over' }>): string {
  if (why !== null) return why
  if (signal !== null) return `Ended by signal ${signal}`
  // what a client of SSH answers when it is not the command that ended
  if (status === 255) return 'Ended: the last line says why'
  return status === null ? 'Ended' : `Ended with status ${status}`
}
