import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Folder } from './plan.ts'

/*
 * Folders of the server as small file systems of their own, which can be full or read-only for a while. They are mounted in the
 * mount namespace of this run (main.ts), so that nobody else sees them and none outlives it.
 */

const sizes: Record<Folder, string> = { recordings: '32m', keeper: '8m', anchors: '8m', postgres: '600m' }

export interface Disks {
  fill(folder: Folder): void
  readOnly(folder: Folder): void
  /** Undoes both. */
  heal(folder: Folder): void
  unmount(): void
}

export const insideOwnMounts = 'CLAVIGER_FAULTS_OWN_MOUNTS'
export const canMount = (): boolean => process.getuid?.() === 0 && process.env[insideOwnMounts] === '1'

const mount = (...args: string[]) => void execFileSync('mount', args, { stdio: ['ignore', 'ignore', 'pipe'] })

export function mountDisks(data: string, folders = Object.keys(sizes) as readonly Folder[]): Disks {
  const at = (folder: Folder) => join(data, folder)
  for (const folder of folders) {
    mkdirSync(join(data, folder), { recursive: true, mode: 0o755 })
    mount('-t', 'tmpfs', '-o', `size=${sizes[folder]},mode=755`, 'tmpfs', join(data, folder))
  }
  chmodSync(data, 0o755)
  const ballast = (folder: Folder) => join(at(folder), 'ballast')
  return {
    fill(folder) {
      const { bavail, bsize } = statfsSync(at(folder))
      try {
        writeFileSync(ballast(folder), Buffer.alloc(bavail * bsize + bsize))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    },
    readOnly: (folder) => mount('-o', 'remount,ro', at(folder)),
    heal(folder) {
      mount('-o', 'remount,rw', at(folder))
      rmSync(ballast(folder), { force: true })
    },
    unmount() {
      for (const folder of folders) execFileSync('umount', ['-l', join(data, folder)], { stdio: 'ignore' })
    },
  }
}
