import { createHash } from 'node:crypto'
import { createReadStream, rmSync, writeFileSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Bench } from '../contract.ts'
import { against, inTurn } from '../in-turn.ts'
import { measured } from '../measurement.ts'
import type { Stand } from './stand.ts'
import { timedSftp, type Way } from './way.ts'

const MiB = 1024 * 1024

/** One file each way by the real sftp. The time includes the login on every side; what came is compared with what went. */
export async function sftp({ ours, direct, jump, file, forgetRecordings }: Stand, bench: Bench): Promise<void> {
  const [copy, batch] = [`${file.here}.copy`, `${file.here}.batch`]
  const expected = await sha256(file.here)
  const speed = async (way: Way, up: boolean) => {
    writeFileSync(batch, up ? `put ${file.here} ${file.there}.put\n` : `get ${file.there} ${copy}\n`)
    const seconds = await timedSftp(way, batch)
    if (!up && (await sha256(copy)) !== expected) throw new Error(`sftp by way of ${way.name} brought another file`)
    return file.bytes / MiB / seconds
  }
  for (const direction of ['get', 'put'] as const) {
    const metric = `ssh.sftp.${direction}`
    if (!bench.wanted(metric)) continue
    bench.report.say(`${metric}: ${file.bytes / MiB} MiB of random bytes, ${bench.runs} runs each of claviger, ssh direct and ssh -J`)
    const up = direction === 'put'
    const values = await inTurn(bench.runs, {
      ours: async () => {
        const value = await speed(ours, up)
        forgetRecordings()
        return value
      },
      direct: () => speed(direct, up),
      jump: () => speed(jump, up),
    })
    const about = { unit: 'MiB/s', better: 'higher' } as const
    bench.report.measured(measured({ metric, anchor: 'sftp direct, chacha20-poly1305', ...about }, against(values, 'direct')))
    bench.report.measured(
      measured({ metric: `${metric}.vs_jump`, anchor: 'sftp -J, chacha20-poly1305', ...about }, against(values, 'jump')),
    )
  }
  for (const path of [copy, batch]) rmSync(path, { force: true })
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}
