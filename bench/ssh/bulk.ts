import type { Bench } from '../contract.ts'
import { compareWays } from './compare-ways.ts'
import type { Stand } from './stand.ts'
import { timed } from './way.ts'

const MiB = 1024 * 1024

/** One file each way through a command's output and input. The time includes the login on every side. */
export async function bulk(stand: Stand, bench: Bench): Promise<void> {
  const { file } = stand
  await compareWays(stand, bench, { metric: 'ssh.bulk.down', program: 'ssh' }, async (way) => {
    return file.bytes / MiB / (await timed(way, `cat ${file.there}`))
  })
  await compareWays(stand, bench, { metric: 'ssh.bulk.up', program: 'ssh' }, async (way) => {
    return file.bytes / MiB / (await timed(way, 'cat > /dev/null', file.here))
  })
}
