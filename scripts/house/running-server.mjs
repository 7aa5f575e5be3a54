import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @param {string} folder */
const list = (folder) => {
  try {
    return readdirSync(folder).map((name) => join(folder, name))
  } catch {
    return []
  }
}

/** @param {string} file */
const text = (file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/**
 * The pid of a Claviger server that runs from this clone, if one does. Replacing modules under a running server would break it later,
 * at the first file that it had not read yet.
 * @param {string} root
 * @returns {number | undefined}
 */
export function runningServer(root) {
  const folders = [process.env.CLAVIGER_DATA, join(root, 'data'), ...list('/var/lib/claviger')]
  for (const folder of folders) {
    if (!folder) continue
    const pid = Number.parseInt(text(join(folder, 'run', 'supervisor.pid')), 10)
    if (pid > 0 && text(`/proc/${pid}/cmdline`).includes(`${root}/`)) return pid
  }
  return undefined
}
