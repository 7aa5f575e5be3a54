import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let gc: (() => void) | undefined

/** Collects garbage now: keys that a library left behind in objects of its own are not to stay until some later day. */
export function collectGarbage(): void {
  if (!gc) {
    setFlagsFromString('--expose-gc')
    gc = runInNewContext('gc') as () => void
  }
  gc()
}

/**
 * For a process that carries bytes from socket to socket. V8 (13.6) goes through all of its heap for each 64 MiB that came to lie outside of it,
 * however much is inside: in a gateway that costs more than the carrying. With this it weighs both together.
 */
export function weighCarriedWithHeap(): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit')
}
