import type { Clock } from '../../kernel/clock.ts'
import { type ControlState, type Silence, silentAfterMs, type Watched } from '../../platform/watch/beat.ts'
import { createWatch } from '../../platform/watch/watch.ts'
import type { Audit } from '../audit/index.ts'
import { controlRestored, controlSilent } from './events.ts'

export interface Controls {
  /** What the supervisor sees; entered in the ledger as far as it is news. Answers the silences that are entered with their end. */
  told(watched: Watched): Promise<string[]>
  /** Looks whether the supervisor itself still speaks. */
  look(): Promise<void>
  now(): { node: string; controls: readonly ControlState[]; silences: readonly Silence[] }
}

const mostRemembered = 1_000

/**
 * The end of the line of the controls that watch themselves. The supervisor watches the parts and tells us; we watch the supervisor.
 * What could not be entered (a database away, an api that was frozen itself) is told again until it was.
 */
export function createControls(deps: {
  node: string
  audit: Pick<Audit, 'noteLater'>
  clock: Clock
  log: (line: string) => void
}): Controls {
  const { node, audit, clock, log } = deps
  const begun = new Set<string>()
  const ended = new Set<string>()
  let last: Watched | undefined
  let busy = false
  const own = createWatch({
    node,
    clock,
    causeOf: () => 'The supervisor says nothing: it is stopped or stuck. A part that ends now is not started again. Restart Claviger.',
  })
  own.expect('supervisor')

  const enter = async (silence: Silence, at: string): Promise<void> => {
    const { control, since, noticedAt, cause, until } = silence
    if (!begun.has(silence.id)) {
      await audit.noteLater(controlSilent({ control, node: at, since, noticed: noticedAt, cause }), null, { phase: 'alarm' })
      begun.add(silence.id)
    }
    if (until === null || ended.has(silence.id)) return
    const seconds = Math.max(0, Math.round((Date.parse(until) - Date.parse(since)) / 1000))
    await audit.noteLater(controlRestored({ control, node: at, since, until, seconds }), null)
    ended.add(silence.id)
  }
  const enterAll = async (silences: readonly Silence[], at: string): Promise<void> => {
    if (busy) return
    busy = true
    try {
      for (const silence of silences) await enter(silence, at)
    } catch (error) {
      log(`a silence could not be entered in the ledger yet: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      busy = false
    }
    for (const known of [begun, ended]) for (const id of [...known].slice(0, -mostRemembered)) known.delete(id)
  }

  return {
    async told(watched) {
      last = watched
      own.beat('supervisor', {})
      await enterAll(watched.silences, watched.node)
      return watched.silences.filter((s) => ended.has(s.id)).map((s) => s.id)
    },
    async look() {
      for (const silence of own.look()) log(`ALARM: the supervisor ${silence.until === null ? 'is silent' : 'is back'}`)
      await enterAll(own.state().silences, node)
      own.forget([...ended])
    },
    now() {
      const supervisor = own.state()
      const late = supervisor.controls.some((c) => c.agoMs > silentAfterMs)
      // what it said last is as old as its silence
      const told = (last?.controls ?? []).map((c) => ({ ...c, agoMs: c.agoMs + (late ? (supervisor.controls[0]?.agoMs ?? 0) : 0) }))
      return { node, controls: [...supervisor.controls, ...told], silences: [...supervisor.silences, ...(last?.silences ?? [])] }
    },
  }
}
