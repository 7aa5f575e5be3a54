import { createHash } from 'node:crypto'
import { createReadStream, rmSync, writeFileSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Bench } from '../contract.ts'
import { compareWays } from './compare-ways.ts'
import type { Stand } from './stand.ts'
import { timedSftp, type Way } from './way.ts'

const MiB = 1024 * 1024

/** One file each way by the real sftp. The time includes the login on every side; what came is compared with what went. */
export async function sftp(stand: Stand, bench: Bench): Promise<void> {
  const { file } = stand
  const [copy, batch] = [`${file.here}.copy`, `${file.here}.batch`]
  let expected: Promise<string> | undefined
  const speed = async (way: Way, command: string) => {
    writeFileSync(batch, `${command}\n`)
    return file.bytes / MiB / (await timedSftp(way, batch))
  }
  await compareWays(stand, bench, { metric: 'ssh.sftp.get', program: 'sftp' }, async (way) => {
    const value = await speed(way, `get ${file.there} ${copy}`)
    expected ??= sha256(file.here)
    if ((await sha256(copy)) !== (await expected)) throw new Error(`sftp by way of ${way.name} brought another file`)
    return value
  })
  await compareWays(stand, bench, { metric: 'ssh.sftp.put', program: 'sftp' }, (way) => speed(way, `put ${file.here} ${file.there}.put`))
  for (const path of [copy, batch]) rmSync(path, { force: true })
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}
