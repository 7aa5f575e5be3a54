import { spawn } from 'node:child_process'

/**
 * Deletes a folder while the tests go on: a database has more than a thousand files, and a disk that is told of each that is deleted
 * (mount option `discard`) takes seconds for them. What does it ends by itself.
 */
export function removeLater(folder: string): void {
  spawn('rm', ['-rf', '--one-file-system', folder], { stdio: 'ignore', detached: true }).unref()
}
