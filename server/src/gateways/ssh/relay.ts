import type { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { brake } from '../door/brake.ts'
import type { Person } from './person.ts'
import type { PersonInput } from './person-input.ts'
import type { Exit } from './ssh2-internals.ts'
import { keyCame } from './typing.ts'
import type { Upstream } from './upstream.ts'
import type { Wire } from './wire.ts'

const nothing = Buffer.alloc(0)
/** How long what may become a credential is held back when nothing follows. */
const earlyMs = 20

export interface RelayDeps {
  person: Person
  upstream: Upstream
  wire: Wire
  /** What the person types, where something stands before it. */
  input?: PersonInput
  /** Nothing passes until it is resumed. */
  held?: boolean
  /** Called for every piece in either direction. */
  touched(): void
  /** The recorder threw or could not write: the session must end, and nothing passes any more. */
  notRecorded(error: unknown): void
}

export interface Relay {
  /** Settles when the target has closed and everything was handed over; undefined when it did not say how it ended. */
  done: Promise<Exit | undefined>
  /** Nothing passes any more, in either direction. */
  stop(): void
  /** Nothing passes until `resume`: what either side sends waits in the windows of their channels. */
  suspend(): void
  resume(): void
  readonly suspended: boolean
}

/**
 * Carries bytes both ways. What the target says is scrubbed, then recorded, then shown; what the person types is recorded,
 * then sent: the wire does it. Both sources are held while there is too much to write: what is not recorded does not happen.
 * EOF passes either way by itself, and how it ended is known after it.
 */
export function relay({ person, upstream, wire, input = person.input, held = false, touched, notRecorded }: RelayDeps): Relay {
  const { channel, socket } = upstream
  const stderr = channel.stderr as Readable
  const sources = [channel, stderr]
  let stopped = false
  let suspended = false
  const answeredMeanwhile: (() => void)[] = []
  // a channel whose connection breaks may say so by an error, and an error nobody hears ends the process; `close` follows
  for (const source of sources) source.on('error', () => {})

  // both together: ssh2 keeps one window for both streams, and reading one alone would open it for the other
  const down = brake<'person' | 'recorder' | 'officer' | 'policy' | 'stop'>(
    () => sources.forEach((source) => void source.pause()),
    () => sources.forEach((source) => void source.resume()),
  )
  const up = brake<'target' | 'recorder' | 'officer' | 'policy' | 'stop'>(input.hold, input.release)
  person.writer.onRoom(() => down.release('person'))
  const targetHasRoom = () => {
    if (upstream.hasRoom()) up.release('target')
  }
  channel.on('drain', targetHasRoom)
  socket.on('drain', targetHasRoom)

  const stop = () => {
    stopped = true
    down.hold('stop')
    up.hold('stop')
    person.writer.discard()
  }
  const failed = (error: unknown) => {
    stop()
    notRecorded(error)
  }
  /** What the wire makes of it; undefined when it could not be written down: then it must not pass either. */
  const recorded = <T>(write: () => T): T | undefined => {
    if (stopped) return undefined
    try {
      const passing = write()
      const written = wire.pressure()
      if (!written) return passing
      down.hold('recorder')
      up.hold('recorder')
      written.then(() => {
        down.release('recorder')
        up.release('recorder')
      }, failed)
      return passing
    } catch (error) {
      failed(error)
      return undefined
    }
  }
  const show = (stream: 'out' | 'err', make: () => Buffer) => {
    const bytes = recorded(make)
    if (bytes && bytes.length > 0 && !person.writer.write(stream, bytes)) down.hold('person')
  }
  /** Holds a side while policy is asked about what came from it, and then goes on with what waited. */
  const whileAsked = (side: 'person' | 'target', goOn: () => void) => {
    // most sessions have nobody to ask
    if (!wire.asking) return
    const asking = wire.asking[side]
    const hold = side === 'person' ? up : down
    if (!asking) return hold.release('policy')
    hold.hold('policy')
    asking.then(() => {
      // held meanwhile: what was allowed waits like everything else
      if (suspended) answeredMeanwhile.push(goOn)
      else if (!stopped) goOn()
    }, failed)
  }
  const fromTarget = (stream: 'out' | 'err', bytes: Buffer) => {
    show(stream, () => wire[stream].push(bytes))
    if (stream === 'out') whileAsked('target', () => fromTarget('out', nothing))
  }
  const listen = (stream: 'out' | 'err', source: Readable) => {
    let early: NodeJS.Timeout | undefined
    const from = wire[stream]
    source.on('data', (bytes: Buffer) => {
      touched()
      fromTarget(stream, bytes)
      clearTimeout(early)
      if (from.waits) early = setTimeout(() => show(stream, from.early), earlyMs)
    })
    return new Promise<void>((ended) => {
      source.once('end', () => {
        clearTimeout(early)
        show(stream, from.end)
        ended()
      })
    })
  }

  // not `exit`: it may have been said before we listened, in the same packet that opened the channel
  let brokeOff = false
  const closed = new Promise<Exit | undefined>((resolve) => {
    channel.once('close', (status?: number | null, signal?: string, coreDumped?: boolean | string, message?: string) => {
      const exit = typeof status === 'number' ? { status } : status === null ? signalled(signal, coreDumped, message) : undefined
      brokeOff = exit === undefined
      resolve(exit)
    })
  })
  const said = Promise.all([listen('out', channel), listen('err', stderr)])
    .then(() => person.writer.flushed())
    // a connection that breaks says `end` and `close` in one turn
    .then(() => nextTurn())
    .then(() => {
      // behind an EOF nobody hears the sentence that says so
      if (!brokeOff) person.eof()
    })

  if (held) {
    suspended = true
    down.hold('officer')
    up.hold('officer')
  }
  const fromPerson = (bytes: Buffer) => {
    const passing = recorded(() => wire.person(bytes))
    if (!passing) return
    if (passing.back.length > 0) show('out', () => passing.back)
    if (passing.on.length > 0) upstream.write(passing.on)
    if (!upstream.hasRoom()) up.hold('target')
    whileAsked('person', () => fromPerson(nothing))
  }
  input.start((bytes) => {
    touched()
    if (person.terminal) keyCame()
    fromPerson(bytes)
  }, upstream.eof)
  return {
    done: said.then(() => closed),
    stop,
    suspend() {
      suspended = true
      down.hold('officer')
      up.hold('officer')
    },
    resume() {
      suspended = false
      for (const goOn of answeredMeanwhile.splice(0)) goOn()
      down.release('officer')
      up.release('officer')
    },
    get suspended() {
      return suspended
    },
  }
}

const signalled = (signal = 'SIGKILL', coreDumped: boolean | string = false, message = ''): Exit => ({
  signal: signal
    .replace(/^SIG/, '')
    .replace(/[^A-Za-z0-9@._-]/g, '')
    .slice(0, 64),
  coreDumped: coreDumped === true,
  message: message.slice(0, 256),
})
