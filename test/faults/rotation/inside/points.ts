import { AsyncLocalStorage } from 'node:async_hooks'
import { connect, type Socket } from 'node:net'

/*
 * Inside a part of the server that is being tested: tells the suite which step of which rotation was just reached, and goes on when the suite says
 * so. The suite kills the part meanwhile, or lets it pass. No file of the product knows of this: preload.ts puts it around some of them.
 */

/** Whose credential a rotation is about. */
export interface About {
  account: string
  credential?: string
}

/** The rotation that runs in this process, wherever it is awaited. */
export const about = new AsyncLocalStorage<About>()

const path = process.env.CLAVIGER_FAULTS_SOCKET
const waiting = new Map<number, () => void>()
let line: Socket | undefined
let next = 1

/** Before the part gives up root, and before its first rotation. */
export async function open(): Promise<void> {
  if (path === undefined) return
  const socket = connect(path)
  await new Promise<void>((resolve) => socket.once('connect', resolve).once('error', () => resolve()))
  socket.unref()
  const gone = () => {
    line = undefined
    for (const go of waiting.values()) go()
    waiting.clear()
  }
  let rest = ''
  socket
    .setEncoding('utf8')
    .on('error', gone)
    .on('close', gone)
    .on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop() ?? ''
      for (const number of lines.map(Number)) {
        waiting.get(number)?.()
        waiting.delete(number)
      }
    })
  line = socket
}

/** A step was reached. Resolves when the suite lets it pass; at once where nobody listens, or where this is no rotation. */
export async function point(step: string, who: About | undefined = about.getStore(), more: object = {}): Promise<void> {
  const to = line
  if (!to || !who) return
  const number = next++
  const passed = new Promise<void>((resolve) => waiting.set(number, resolve))
  to.write(`${JSON.stringify({ number, step, pid: process.pid, ...who, ...more })}\n`)
  await passed
}
