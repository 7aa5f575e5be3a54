import type { Random } from '../random.ts'

/** SIGKILL; `everything`: supervisor, keeper, api, gateway and database at once, as when the power goes. */
export type Part = 'gateway' | 'api' | 'keeper' | 'database' | 'supervisor' | 'everything'
/** What people work through: the SSH door, and those of the two databases. */
export type Wire = 'ssh' | 'postgres' | 'mysql'

export type Fault =
  | { kind: 'kill'; part: Part }
  /** No room for recordings any more, and the bucket away, so that none comes about. Needs root. */
  | { kind: 'disk-full' }
  /** Between the server and the target of this wire every connection is cut, and none comes about. */
  | { kind: 'target-cut'; wire: Wire }
  /** Between people and all doors the same. */
  | { kind: 'clients-cut' }
  /** What the target of this wire sends is dropped: no answer, no word that it is gone. Needs a network of our own. */
  | { kind: 'target-lost'; wire: Wire }
  /** Of what the server sends to people nothing arrives. The same. */
  | { kind: 'clients-lost' }
  /** The bucket refuses connections, or takes them and says nothing. */
  | { kind: 'bucket'; how: 'away' | 'hangs' }

/** People work at the same time in several ways; after a while something happens, and in the recovery from it, so much later, perhaps a part is killed. */
export interface Turn {
  /** Since all are in: some of what they saw is older than a second then. */
  afterMs: number
  fault: Fault
  again?: { part: Part; afterMs: number }
  /** Somebody comes in so shortly before it that it meets a session which is being opened. */
  lateMs: number
}

export interface Means {
  disks: boolean
  packets: boolean
  /** The wires whose target lies behind a road that can be cut. */
  roads: readonly Wire[]
}

const killed: readonly Part[] = ['gateway', 'api', 'keeper', 'database', 'supervisor', 'everything']

/** Each fault that this machine can do, once. */
export function everyFault({ disks, packets, roads }: Means): Fault[] {
  return [
    ...killed.map((part): Fault => ({ kind: 'kill', part })),
    ...(disks ? [{ kind: 'disk-full' } as const] : []),
    ...roads.map((wire): Fault => ({ kind: 'target-cut', wire })),
    { kind: 'clients-cut' },
    ...(packets ? roads.map((wire): Fault => ({ kind: 'target-lost', wire })) : []),
    ...(packets ? [{ kind: 'clients-lost' } as const] : []),
    ...(['away', 'hangs'] as const).map((how): Fault => ({ kind: 'bucket', how })),
  ]
}

/** `gravest`: a short run of the gravest alone, each once, and nothing in the recovery from it. */
export type Size = 'gravest' | 'quick' | 'full'

/** Those that a recording depends on most. */
const grave = (fault: Fault): boolean =>
  fault.kind === 'disk-full' || (fault.kind === 'kill' && ['gateway', 'everything'].includes(fault.part))
/** With a network that is cut. */
const gravest = (fault: Fault): boolean => grave(fault) || fault.kind === 'clients-cut'
/** Gateways that record in a deliberately wrong order (inside/preload.ts). */
export type Order = 'show-first' | 'unheard'
/** After which of them it shows. */
const shows: Record<Order, Fault> = { 'show-first': { kind: 'kill', part: 'gateway' }, unheard: { kind: 'disk-full' } }
export const isOrder = (name: string | undefined): name is Order => name !== undefined && Object.hasOwn(shows, name)
/** How often each fault strikes in a full run. */
const often = (fault: Fault): number => (grave(fault) ? 5 : 3)
/** Those whose end takes long are left out of a short run, and those of which it has the like. */
const inShort = (fault: Fault): boolean =>
  !fault.kind.endsWith('-lost') &&
  !(fault.kind === 'kill' && fault.part === 'supervisor') &&
  !(fault.kind === 'bucket' && fault.how === 'hangs')

/** `order`: only what brings the wrong order named so to light. */
export function plan(random: Random, size: Size, means: Means, order?: Order): Turn[] {
  return random.shuffled(chosen(size, everyFault(means), order)).map((fault, at): Turn => {
    const turn = { afterMs: random.between(1_300, 3_000), fault, lateMs: random.between(0, 600) }
    const struckAgain = order === undefined && size !== 'gravest' && at % (size === 'full' ? 2 : 4) === 0
    const part = random.shuffled(['gateway', 'api', 'keeper', 'database'] as const)[0] as Part
    return struckAgain ? { ...turn, again: { part, afterMs: random.between(300, 2_500) } } : turn
  })
}

function chosen(size: Size, all: readonly Fault[], order: Order | undefined): Fault[] {
  if (order !== undefined) return Array<Fault>(size === 'gravest' ? 1 : 3).fill(shows[order])
  if (size === 'full') return all.flatMap((fault) => Array<Fault>(often(fault)).fill(fault))
  return all.filter(size === 'gravest' ? gravest : inShort)
}

export function inWords(fault: Fault): string {
  if (fault.kind === 'kill') return `${fault.part} killed`
  if (fault.kind === 'disk-full') return 'no room for recordings'
  if (fault.kind === 'target-cut') return `${fault.wire}: target cut off`
  if (fault.kind === 'target-lost') return `${fault.wire}: packets of the target lost`
  if (fault.kind === 'clients-cut') return 'all clients cut off'
  if (fault.kind === 'clients-lost') return 'packets to clients lost'
  return `the bucket ${fault.how === 'away' ? 'is away' : 'hangs'}`
}

/** Whether a session of this wire is still the same one afterwards: must be, or must have ended. */
export function goesOn({ fault, again }: Turn, wire: Wire): boolean {
  const ends = (part: Part): boolean => ['gateway', 'supervisor', 'everything'].includes(part)
  if (fault.kind === 'kill' && ends(fault.part)) return false
  if (fault.kind === 'disk-full' || fault.kind === 'clients-cut') return false
  if ((fault.kind === 'target-cut' || fault.kind === 'target-lost') && fault.wire === wire) return false
  if (fault.kind === 'clients-lost') return false
  return !(again && ends(again.part))
}
