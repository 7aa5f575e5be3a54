import type { Socket } from 'node:net'
import type { Result } from '../../kernel/result.ts'
import { type Outcome, timedOut, unreachable } from './failures.ts'

/** How we reach the network: a connected socket, or why there is none. The dialer's type, said without its name. */
export type SshDial = (host: string, port: number) => Promise<Result<Socket, { code: string; detail: string }>>

export interface SshAddress {
  host: string
  port: number
}

/** Dials, and gives up after `ms`; a socket that comes later is destroyed. */
export async function dialWithin(dial: SshDial, to: SshAddress, ms: number): Promise<Outcome<Socket>> {
  let late = false
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<Outcome<Socket>>((resolve) => {
    timer = setTimeout(() => {
      late = true
      resolve(timedOut(`no connection within ${ms / 1000} s`))
    }, ms)
  })
  const dialled = dial(to.host, to.port).then((socket): Outcome<Socket> => {
    if (!socket.ok) return unreachable(socket.error.detail)
    // ssh2 does not do this itself; without it a login takes nearly three times as long
    socket.value.setNoDelay(true)
    if (late) socket.value.destroy()
    return socket
  })
  try {
    return await Promise.race([dialled, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
