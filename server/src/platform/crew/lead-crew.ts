import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { spawnPart } from '../process/spawn-part.ts'
import { busyShare, type Chorus, isWord, lookEveryMs, type Place, type Word } from './words.ts'

export interface Crew extends Chorus {
  /**
   * Gives a connection of which nothing was read yet to the process that has least to do. False: that is this one, or the others
   * are not ready.
   */
  pass(door: string, line: Socket, place: Place): boolean
  /** Ends them in order: each ends what it carries first, and is killed when that takes longer than `patienceMs`. */
  stop(): Promise<void>
}

interface Worker {
  index: number
  child: ChildProcess
  ready: boolean
  busy: number
  held: Map<number, Place>
}

const patienceMs = 9_000
/** So many connections more weigh as much as a process that is busy all the time: the next one goes where somebody copies less. */
const busyWeighs = 4

/**
 * Starts further processes that carry what this one accepts; `configs` are what each is told on its standard input, `lost` is called when one ended that
 * nobody stopped. Their connections end with them. They end when this process does, however it ends: the channel between them closes.
 */
export function leadCrew({ file, configs, lost }: { file: string; configs: readonly unknown[]; lost(code: string): void }): Crew {
  const heard = new Map<string, (value: never) => void>()
  const look = busyShare()
  const own = { busy: 0, connections: 0 }
  let seats = 0
  let stopping = false
  const send = (worker: Worker, word: Word) => worker.child.connected && worker.child.send(word, () => undefined)

  const workers = configs.map((config, at): Worker => {
    const worker: Worker = { index: at + 1, child: spawnPart(file), ready: false, busy: 0, held: new Map() }
    const { child } = worker
    child.stdin?.end(JSON.stringify(config))
    child.on('error', () => undefined)
    child.on('message', (message) => isWord(message) && take(worker, message))
    child.once('exit', (code, signal) => {
      worker.ready = false
      for (const place of worker.held.values()) place.leave()
      worker.held.clear()
      if (!stopping) lost(signal ?? `${code}`)
    })
    return worker
  })

  function take(worker: Worker, word: Word): void {
    if (word.crew === 'ready') worker.ready = word.ready
    else if (word.crew === 'busy') worker.busy = word.share
    else if (word.crew === 'seat') {
      const place = worker.held.get(word.seat)
      if (word.now === 'signed-in') place?.signedIn()
      else if (worker.held.delete(word.seat)) place?.leave()
    } else if (word.crew === 'said') {
      for (const other of workers) if (other !== worker && (word.to ?? other.index) === other.index) send(other, word)
      if ((word.to ?? 0) === 0) heard.get(word.topic)?.(word.value as never)
    }
  }

  const timer = setInterval(() => {
    own.busy = look()
  }, lookEveryMs)
  timer.unref()

  return {
    index: 0,
    say(topic, value, to) {
      for (const worker of workers) if ((to ?? worker.index) === worker.index) send(worker, { crew: 'said', topic, value })
    },
    hear: (topic, told) => void heard.set(topic, told),
    pass(door, line, place) {
      const weight = (busy: number, connections: number) => connections + busy * busyWeighs
      let least = weight(own.busy, own.connections)
      let chosen: Worker | undefined
      for (const worker of workers) {
        const weighs = weight(worker.busy, worker.held.size)
        if (!worker.ready || weighs >= least) continue
        least = weighs
        chosen = worker
      }
      if (!chosen) {
        own.connections += 1
        line.once('close', () => {
          own.connections -= 1
        })
        return false
      }
      const to = chosen
      const seat = ++seats
      to.held.set(seat, place)
      place.onDrop(() => send(to, { crew: 'drop', seat }))
      to.child.send({ crew: 'visit', seat, door } satisfies Word, line, { keepOpen: false }, (error) => {
        if (!error) return
        line.destroy()
        if (to.held.delete(seat)) place.leave()
      })
      return true
    },
    async stop() {
      stopping = true
      clearInterval(timer)
      const ended = workers
        .filter(({ child }) => child.exitCode === null && child.signalCode === null)
        .map(({ child }) => {
          const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
          child.kill('SIGTERM')
          const late = setTimeout(() => child.kill('SIGKILL'), patienceMs)
          return gone.then(() => clearTimeout(late))
        })
      await Promise.all(ended)
    },
  }
}
