import type { Clock } from '../../kernel/clock.ts'
import { randomToken } from '../crypto/random.ts'
import { type Beats, beatEveryMs, type ControlState, type Silence, silentAfterMs, type Watched } from './beat.ts'

export interface Watch {
  /** A part is (or will be) there: from now on its silence counts. */
  expect(part: string): void
  /** A part beat. */
  beat(part: string, beats: Beats): void
  /** Looks at everything; answers the silences that began or ended since the last look. */
  look(): Silence[]
  state(): Watched
  /** These were entered in the ledger, end included: they need not be told again. */
  forget(ids: readonly string[]): void
}

interface Control {
  part: string
  /** Monotonic. */
  seen: number
  cause: string | undefined
  silence?: Silence
}

const mostKept = 200
/** A part that comes back finds its own timers late: what is in it is judged when it has beaten for this long. */
const graceMs = 15_000
/** A part that misses beats is the question, not what is in it. */
const lateMs = 2.5 * beatEveryMs

/**
 * Remembers when each control was last seen, by the monotonic clock. The controls inside a part that is silent itself are not
 * alarmed one by one: the part's own silence says so of all of them.
 */
export function createWatch(options: {
  node: string
  clock: Clock
  /** Why this part may be silent, as far as it can be seen from outside. */
  causeOf(part: string): string
  /** Controls that rest for longer by design. */
  patience?: Readonly<Record<string, number>>
}): Watch {
  const { node, clock, causeOf, patience = {} } = options
  const controls = new Map<string, Control>()
  let silences: Silence[] = []

  const agoMs = (control: Control) => Math.max(0, Math.round(clock.monotonic() - control.seen))
  const limit = (name: string) => patience[name] ?? silentAfterMs
  const at = (ago: number) => new Date(clock.now().getTime() - ago).toISOString()
  const back = new Map<string, number>()
  const partAgoMs = (part: string): number => {
    const own = controls.get(part)
    return own ? agoMs(own) : 0
  }
  const partIsSilent = (part: string): boolean => partAgoMs(part) > limit(part)
  const isHidden = (name: string, { part }: Control): boolean =>
    part !== name && (partAgoMs(part) > lateMs || clock.monotonic() - (back.get(part) ?? Number.NEGATIVE_INFINITY) < graceMs)
  const causeFor = (name: string, control: Control): string => {
    if (control.part !== name) return control.cause ?? `Nothing was seen of it for ${Math.round(limit(name) / 1000)} s.`
    const inside = [...controls].filter(([other, c]) => c.part === name && other !== name).map(([other]) => other)
    return `${causeOf(name)}${inside.length > 0 ? ` With it is silent: ${inside.join(', ')}.` : ''}`
  }
  // who was not looking cannot say who was silent meanwhile: what they said in that time is heard first
  let lookedAt = clock.monotonic()
  let judgesFrom = lookedAt
  const isSilent = (name: string, control: Control): boolean =>
    agoMs(control) > limit(name) && (control.silence !== undefined || clock.monotonic() >= judgesFrom)

  return {
    expect(part) {
      if (!controls.has(part)) controls.set(part, { part, seen: clock.monotonic(), cause: undefined })
    },
    beat(part, beats) {
      const now = clock.monotonic()
      if (partIsSilent(part)) back.set(part, now)
      for (const [name, beat] of Object.entries<Beats[string]>({ ...beats, [part]: { agoMs: 0 } })) {
        const known = controls.get(name) ?? { part, seen: now, cause: undefined }
        controls.set(name, { ...known, part, seen: now - beat.agoMs, cause: beat.cause })
      }
    },
    look() {
      const now = clock.monotonic()
      if (now - lookedAt > silentAfterMs) judgesFrom = now + lateMs
      lookedAt = now
      const changed: Silence[] = []
      for (const [name, control] of controls) {
        const silent = isSilent(name, control)
        if (silent && !control.silence && !isHidden(name, control)) {
          const ago = agoMs(control)
          const cause = causeFor(name, control)
          control.silence = { id: randomToken(12), control: name, since: at(ago), noticedAt: at(0), cause, until: null }
          silences = [...silences, control.silence].slice(-mostKept)
          changed.push(control.silence)
        } else if (!silent && control.silence) {
          control.silence.until = at(agoMs(control))
          changed.push(control.silence)
          delete control.silence
        }
      }
      return changed
    },
    state: () => ({
      node,
      controls: [...controls]
        .map(([name, control]): ControlState => {
          const ago = agoMs(control)
          const silent = isSilent(name, control)
          const hidden = control.part !== name && partIsSilent(control.part)
          const cause = hidden ? `Its process (${control.part}) is silent.` : (control.silence?.cause ?? control.cause ?? null)
          return {
            control: name,
            part: control.part,
            lastSeenAt: at(ago),
            agoMs: ago,
            silent,
            cause: silent ? cause : (control.cause ?? null),
          }
        })
        .sort((a, b) => a.control.localeCompare(b.control)),
      silences,
    }),
    forget(ids) {
      silences = silences.filter((s) => s.until === null || !ids.includes(s.id))
    },
  }
}
