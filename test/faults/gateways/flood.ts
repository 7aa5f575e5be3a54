import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { runProgram } from '../../support/process.ts'
import { until } from '../../support/until.ts'
import { randomFrom } from '../random.ts'
import type { Report } from '../report.ts'
import { descriptors, peakWhile, residentMb } from './process.ts'
import type { GatewayWorld } from './world.ts'

/*
 * Ten thousand connections that come and never sign in, from a thousand addresses and more: some say nothing, some greet and wait, some talk rubbish. Whoever
 * signs in meanwhile gets in, who was in before works on, and the gateway holds no more than its door has seats.
 */

/** Seats of one door, and what a gateway has open besides. */
const mostDescriptors = 1000 + 300
const mostMb = 400
const atOnce = 400

const manners: readonly ((socket: Socket) => void)[] = [
  () => {},
  (socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
  (socket) => void socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n'),
]

export async function flood(world: GatewayWorld, report: Report, seed: number, size: 'quick' | 'full'): Promise<void> {
  const count = size === 'full' ? 10_000 : 2_000
  const pid = world.claviger.pid('gateway')
  const open = new Set<Socket>()
  const random = randomFrom(seed)
  const atRest = descriptors(pid)
  let opened = 0
  let done = false

  /** Opens its share, and where one is closed goes on with the next. */
  const pour = async (): Promise<void> => {
    while (opened < count) {
      const number = opened++
      // a thousand addresses with several each, and as many with one
      const from = number % 2 === 0 ? number % 1000 : 1000 + number
      const socket = connect({ port: world.claviger.ports.ssh, host: '127.0.0.1', localAddress: `127.1.${from >> 8}.${from & 255}` })
      open.add(socket)
      const manner = manners[random.between(0, manners.length - 1)]
      socket.on('error', () => {}).on('close', () => open.delete(socket))
      await new Promise<void>((resolve) => socket.once('connect', resolve).once('close', () => resolve()))
      manner?.(socket)
      socket.resume()
      await delay(10)
    }
  }
  const logIn = async (): Promise<void> => {
    const began = performance.now()
    const { status, said } = await runProgram('ssh', [...world.options, 'claviger', 'echo in'], {
      seconds: 120,
      env: { PATH: process.env.PATH },
    })
    const seconds = (performance.now() - began) / 1000
    const trouble = status === 0 && said.includes('in') ? undefined : `ssh answered ${status}: ${said.slice(-300)}`
    report.injected({
      where: 'flood',
      what: `signs in behind ${opened} others, ${open.size} open`,
      facts: { flood: opened, open: open.size },
      trouble,
      seconds,
    })
  }

  const measured = await peakWhile(
    () => residentMb(pid),
    async () =>
      await peakWhile(
        () => descriptors(pid),
        async () => {
          const poured = Promise.all(Array.from({ length: atOnce }, pour)).then(() => {
            done = true
          })
          while (!done) await logIn()
          await poured
          // and once more with the door full of those who wait
          await logIn()
        },
      ),
  )
  const [memory, files] = [measured.peak, measured.value.peak]
  for (const socket of open) socket.destroy()
  const left = await until('the gateway to let go', () => descriptors(pid) <= atRest + 20 && 'yes', 90).catch(() => undefined)
  const trouble =
    memory.most - memory.before > mostMb
      ? `the gateway went from ${memory.before} MB to ${memory.most} MB`
      : files.most > mostDescriptors
        ? `the gateway had ${files.most} descriptors open`
        : left === undefined
          ? `${descriptors(pid)} descriptors are open when all are gone, ${atRest} before`
          : world.claviger.pid('gateway') !== pid
            ? 'the gateway was started anew'
            : undefined
  report.injected({
    ...{
      where: 'flood',
      what: `${count} connections, ${memory.before} to ${memory.most} MB, ${files.most} descriptors`,
      trouble,
      seconds: 0,
    },
    facts: { connections: count, gatewayMb: memory, descriptors: files },
  })
}
