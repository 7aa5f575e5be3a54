import { setTimeout as sleep } from 'node:timers/promises'
import { type AnswerOf, backup as api, call } from '@claviger/api'
import { CliError } from '../../kit/exit.ts'
import { answered } from '../../kit/server.ts'
import type { Shell } from '../../kit/shell.ts'

type Made = AnswerOf<typeof api.beginBackup>
const everyMs = 500

/** Waits until a backup is made, saying how far it is. */
export async function untilMade(shell: Shell, id: string): Promise<Made> {
  let what = 'Making the backup'
  const follow = async (): Promise<Made> => {
    for (;;) {
      const { backups } = await answered(call(shell.server, api.backups, { query: { limit: 20 } }), shell.base)
      const one = backups.find((b) => b.id === id)
      if (one && one.state !== 'running') return one
      const { phase, bytes, of } = one?.progress ?? { phase: 'reading', bytes: 0, of: 0 }
      const share = of > 0 ? `, ${Math.min(99, Math.round((100 * bytes) / of))} %` : ''
      what = phase === 'checking' ? 'Restoring it into a throw-away database' : `Making the backup${share}`
      await sleep(everyMs)
    }
  }
  const made = await shell.progress.during(() => what, follow())
  if (made.state === 'failed') throw new CliError('failed', `The backup ${id} failed: ${made.error}`, 'claviger backup list')
  return made
}
