import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const longestWaitMs = 20 * 60_000

/**
 * A pid with the moment its process started, so that a pid used again is not mistaken for the process that had it before.
 * @param {number} pid
 * @returns {string | undefined} undefined when there is no such process
 */
export function processId(pid) {
  try {
    // proc(5), /proc/pid/stat: field 22 is the start time; field 2 is a name in brackets that may hold blanks
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return undefined
  }
}

/** @param {string} file @returns {string | undefined} */
const holderOf = (file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * Runs `work` alone: whoever comes second waits. A lock whose process is gone is taken over.
 * @template T
 * @param {string} folder where the lock file lives
 * @param {string} name
 * @param {(holder: string) => void} waiting told once when there is something to wait for, with the pid of the one who works
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(folder, name, waiting, work) {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.lock`)
  const mine = processId(process.pid) ?? `${process.pid}`
  const draft = `${file}.${process.pid}`
  const deadline = performance.now() + longestWaitMs
  for (let told = false; ; ) {
    writeFileSync(draft, mine)
    try {
      linkSync(draft, file) // whole content or nothing, and only if nobody holds it
      break
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    } finally {
      rmSync(draft, { force: true })
    }
    const holder = holderOf(file)
    if (holder === undefined) continue
    if (processId(Number(holder.split(' ')[0])) !== holder) takeAway(file, holder)
    else {
      const pid = holder.split(' ')[0] ?? ''
      if (performance.now() > deadline) throw new Error(`process ${pid} has held ${file} for too long: end it and try again`)
      if (!told) waiting(pid)
      told = true
      await sleep(200)
    }
  }
  const release = () => {
    if (holderOf(file) === mine) rmSync(file, { force: true })
  }
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

/**
 * Removes a lock that a dead process left. Two may try at once: renaming tells who did, and puts back a lock that was taken meanwhile.
 * @param {string} file
 * @param {string} holder
 */
function takeAway(file, holder) {
  const aside = `${file}.stale.${process.pid}`
  try {
    renameSync(file, aside)
    if (holderOf(aside) !== holder) linkSync(aside, file)
  } catch {
    // someone else removed or retook it: the next round sees what is there now
  } finally {
    rmSync(aside, { force: true })
  }
}
