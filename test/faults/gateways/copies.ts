import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { call, session } from '@claviger/api'
import { must } from '../../support/person.ts'
import { runProgram } from '../../support/process.ts'
import { until } from '../../support/until.ts'
import type { Loss } from '../losses/loss.ts'
import type { Report } from '../report.ts'
import { peakWhile, residentMb } from './process.ts'
import type { GatewayWorld } from './world.ts'

/*
 * Files of 2 GiB, each way, by each of the three ways in which OpenSSH copies: they arrive whole, their entry has the hash of what arrived, and the
 * gateway needs little for them, however large they are.
 */

const gibibyte = 1024 ** 3
/** More than this beside what it needed before, and it keeps what it carries. */
const mostMb = 256
const secondsEach = 1800

type Way = (options: readonly string[], from: string, to: string, work: string) => [file: string, args: readonly string[]]
const there = (path: string) => (path.startsWith('/') ? path : `claviger:${path}`)
const sftp: Way = (options, from, to, work) => {
  const batch = join(work, 'batch-of-copies')
  writeFileSync(batch, `${from.startsWith('/') ? 'put' : 'get'} ${from} ${to}\n`)
  return ['sftp', ['-q', '-b', batch, ...options, 'claviger']]
}
const scp =
  (...more: string[]): Way =>
  (options, from, to) => ['scp', ['-q', ...more, ...options, there(from), there(to)]]
const ways: Record<string, Way> = { sftp, scp: scp(), 'scp -O': scp('-O') }

export async function copies(world: GatewayWorld, report: Report, size: 'quick' | 'full'): Promise<void> {
  const bytes = size === 'full' ? 2 * gibibyte : gibibyte / 16
  const { work } = world.claviger
  const here = join(work, 'large')
  report.say(`writing ${bytes} bytes`)
  const sha256 = await writeLarge(here, bytes)
  for (const [name, way] of Object.entries(ways)) {
    const back = join(work, 'back')
    for (const [what, from, to] of [
      ['up', here, 'large'],
      ['down', 'large', back],
    ] as const) {
      const began = performance.now()
      const known = await sessionIds(world)
      const [file, args] = way(world.options, from, to, work)
      const { value: ran, peak } = await peakWhile(
        () => Math.max(...world.claviger.carriers().map(residentMb)),
        () => runProgram(file, args, { seconds: secondsEach, env: { PATH: process.env.PATH } }),
      )
      const seconds = (performance.now() - began) / 1000
      const arrived = ran.status === 0 ? (what === 'up' ? await hashThere(world, to) : await hashOf(to)) : undefined
      const trouble =
        ran.status !== 0
          ? `${file} answered ${ran.status}: ${ran.said.slice(-400)}`
          : arrived !== sha256
            ? 'what arrived is not what was sent'
            : peak.most - peak.before > mostMb
              ? `the gateway went from ${peak.before} MB to ${peak.most} MB`
              : undefined
      const mbPerSecond = Math.round(bytes / 1e6 / seconds)
      report.injected({
        ...{ where: name, what: `${bytes / gibibyte} GiB ${what}, gateway ${peak.before} to ${peak.most} MB`, trouble, seconds },
        facts: { way: name, direction: what, bytes, mbPerSecond, gatewayMb: peak },
      })
      if (trouble === undefined) report.lost(await notAsWritten(world, known, `${name} ${what}`, { bytes, sha256 }))
    }
    await runProgram('ssh', [...world.options, 'claviger', 'rm large'], { seconds: 60, env: { PATH: process.env.PATH } })
    rmSync(back, { force: true })
  }
  rmSync(here)
}

/** Random contents, written and hashed as they are made. */
async function writeLarge(path: string, bytes: number): Promise<string> {
  const made = createCipheriv('aes-128-ctr', randomBytes(16), randomBytes(16))
  const hash = createHash('sha256')
  const block = Buffer.alloc(4 * 1024 * 1024)
  await pipeline(async function* () {
    for (let left = bytes; left > 0; left -= block.length) {
      const piece = made.update(left < block.length ? block.subarray(0, left) : block)
      hash.update(piece)
      yield piece
    }
  }, createWriteStream(path))
  return hash.digest('hex')
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

async function hashThere({ options }: GatewayWorld, path: string): Promise<string> {
  const { said } = await runProgram('ssh', [...options, 'claviger', `sha256sum ${path}`], { seconds: 600, env: { PATH: process.env.PATH } })
  return /^[0-9a-f]{64}/m.exec(said)?.[0] ?? said
}

async function sessionIds({ carol }: GatewayWorld): Promise<Set<string>> {
  const { sessions } = must(await call(carol.api, session.sessions, { query: { limit: 100 } }))
  return new Set(sessions.map(({ id }) => id))
}

/** The entry of the copy has another size or hash than what was copied, or there is none. */
async function notAsWritten(
  { carol }: GatewayWorld,
  known: ReadonlySet<string>,
  what: string,
  expected: { bytes: number; sha256: string },
): Promise<Loss[]> {
  const ended = await until(
    'the session of the copy to be settled',
    async () => {
      const { sessions } = must(await call(carol.api, session.sessions, { query: { limit: 100 } }))
      return sessions.find(({ id, kind, endedAt }) => kind === 'files' && endedAt !== null && !known.has(id))
    },
    60,
  )
  const { files } = must(await call(carol.api, session.sessionFiles, { params: { id: ended.id }, query: {} }))
  const fits = files.some(({ bytes, sha256, outcome }) => outcome === 'ok' && bytes === expected.bytes && sha256 === expected.sha256)
  return fits ? [] : [{ kind: 'recording', what: ended.id, why: `${what} is not written down as what was copied` }]
}
