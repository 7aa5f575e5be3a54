import type { Random } from './random.ts'

/** What people do between asking for an account and the moment when its credential is another one. */
export const steps = ['request', 'approve', 'connect', 'end', 'rotate'] as const
export type Step = (typeof steps)[number]

export const parts = ['supervisor', 'keeper', 'gateway', 'api', 'database'] as const
export type Part = (typeof parts)[number]
export const folders = ['recordings', 'keeper', 'anchors', 'postgres'] as const
export type Folder = (typeof folders)[number]

/** One bad thing. Durations are in milliseconds. */
export type Fault =
  /** SIGKILL: no handler runs. */
  | { kind: 'kill'; part: Part }
  /** SIGSTOP, and SIGCONT after a while: the process is there and does not answer. */
  | { kind: 'freeze'; part: Exclude<Part, 'supervisor'>; ms: number }
  /**
   * A target takes connections and says nothing, because its programs hang; or its packets get lost from now on, in the middle of
   * whatever is open (needs root).
   */
  | { kind: 'half-open'; target: 'web01' | 'orders-db'; how: 'silent' | 'lost'; ms: number }
  /** A file system has no room left, or takes no writes. Needs root. */
  | { kind: 'disk'; folder: Folder; how: 'full' | 'read-only'; ms: number }
  /** The clock of the server's parts jumps and, after a while, jumps back. Needs libfaketime. */
  | { kind: 'clock'; days: 1 | -1; restart: boolean; ms: number }

/** A fault, and when it strikes: so many milliseconds after the step began, or after somebody came in. */
export interface Injection<S extends string = Step> {
  step: S
  afterMs: number
  /** In the middle of somebody's work, not while they come in. Only in `connect`. */
  inside?: boolean
  fault: Fault
}

export interface Means {
  disks: boolean
  clock: boolean
  packets: boolean
}

/** Somebody is in already, and for so long that a recording has to hold what they saw; `before`: or still comes in. */
function moment(random: Random, step: Step, before: boolean): { afterMs: number; inside?: boolean } {
  if (step === 'connect' && !before) return { afterMs: random.between(0, 3_500), inside: true }
  return { afterMs: random.between(0, 1_500) }
}

/** Not every second one: the errands' ways take turns. */
const everyThird = (round: number): boolean => round % 3 === 2

/** Every part killed in every step: the heart of each plan, in rounds of five steps. */
function kills(random: Random, how: 'at once' | 'inside' | 'in turn'): Injection[] {
  // a Latin square: each round has every step and every part once
  const order = random.shuffled(parts)
  return parts.flatMap((_, round) =>
    steps.map((step, at): Injection => {
      const part = order[(at + round) % order.length] as Part
      const when = how === 'at once' ? { afterMs: 0 } : moment(random, step, how === 'in turn' && everyThird(round))
      return { step, ...when, fault: { kind: 'kill', part } }
    }),
  )
}

const frozen = ['keeper', 'gateway', 'api', 'database'] as const

/** Faults that are no kill, one of each kind in turn. */
function others(random: Random, means: Means, count: number): Fault[] {
  const disks = folders.flatMap((folder) =>
    // a database has its files open at all times, and a file system with open files is not made read-only
    (folder === 'postgres' ? (['full'] as const) : (['full', 'read-only'] as const)).map(
      (how): Fault => ({ kind: 'disk', folder, how, ms: random.between(2_000, 5_000) }),
    ),
  )
  const kinds: Fault[][] = [
    frozen.map((part): Fault => ({ kind: 'freeze', part, ms: random.between(2_000, 8_000) })),
    (means.packets ? (['silent', 'lost'] as const) : (['silent'] as const)).flatMap((how) =>
      (['web01', 'orders-db'] as const).map((target): Fault => ({ kind: 'half-open', target, how, ms: random.between(3_000, 15_000) })),
    ),
    ...(means.disks ? [disks] : []),
    ...(means.clock
      ? [
          [1, -1].flatMap((days) =>
            [false, true].map((restart): Fault => ({ kind: 'clock', days: days as 1 | -1, restart, ms: random.between(3_000, 6_000) })),
          ),
        ]
      : []),
  ]
  const shuffled = kinds.map((kind) => random.shuffled(kind))
  return Array.from({ length: count }, (_, at) => {
    const kind = shuffled[at % shuffled.length] as Fault[]
    return kind[Math.floor(at / shuffled.length) % kind.length] as Fault
  })
}

/**
 * The injections of a run, in rounds of five: one for each step.
 * - quick: 30, for every run of the tests
 * - full: 100, and those of the whole tours (run-tours.ts)
 */
export function plan(random: Random, size: 'quick' | 'full', means: Means): Injection[] {
  const spread = (faults: readonly Fault[]): Injection[] =>
    faults.map((fault, at) => {
      const step = steps[at % steps.length] as Step
      return { step, ...moment(random, step, everyThird(Math.floor(at / steps.length))), fault }
    })
  if (size === 'quick') return [...kills(random, 'in turn'), ...spread(others(random, means, 5))]
  const minute: Fault = { kind: 'freeze', part: 'database', ms: 60_000 }
  return [...kills(random, 'at once'), ...kills(random, 'inside'), ...spread([...others(random, means, 49), minute])]
}

/** A fault in words. */
export function inWords(fault: Fault): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  if (fault.kind === 'kill') return `${fault.part} killed`
  if (fault.kind === 'freeze') return `${fault.part} frozen for ${seconds(fault.ms)}`
  if (fault.kind === 'half-open') return `${fault.target} ${fault.how === 'silent' ? 'silent' : 'loses packets'} for ${seconds(fault.ms)}`
  if (fault.kind === 'disk') return `${fault.folder} ${fault.how} for ${seconds(fault.ms)}`
  return `clock ${fault.days > 0 ? 'a day ahead' : 'a day behind'} for ${seconds(fault.ms)}${fault.restart ? ', with a restart' : ''}`
}
