import { chmodSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'

/** A rotation reached a step, and waits there until it is let go; the process that it is in may have been killed meanwhile. */
export interface Reached {
  account: string
  credential?: string
  step: string
  /** Of what was just done. */
  ok?: boolean
  go(): void
}

/** What the suite hears of the steps of rotations in the server's parts (inside/), in the order in which they were reached. */
export interface Watch {
  socket: string
  /** Asked of each step; who does not let it go holds the rotation there. Without it everything goes on. */
  asks(listener: ((reached: Reached) => void) | undefined): void
  close(): void
}

export async function openWatch(folder: string): Promise<Watch> {
  const socket = join(folder, 'steps.sock')
  const lines = new Set<Socket>()
  let ask: ((reached: Reached) => void) | undefined
  const server = createServer((line) => {
    lines.add(line)
    let rest = ''
    line
      .setEncoding('utf8')
      .on('error', () => undefined)
      .on('close', () => lines.delete(line))
      .on('data', (text: string) => {
        const all = `${rest}${text}`.split('\n')
        rest = all.pop() ?? ''
        for (const one of all) {
          const { number, ...reached } = JSON.parse(one) as Omit<Reached, 'go'> & { number: number }
          const go = () => void (line.writable && line.write(`${number}\n`))
          if (ask) ask({ ...reached, go })
          else go()
        }
      })
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  chmodSync(socket, 0o666) // the parts run as other users
  return {
    socket,
    asks: (listener) => {
      ask = listener
    },
    close() {
      for (const line of lines) line.destroy()
      server.close()
    },
  }
}
