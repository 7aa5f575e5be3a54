import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * Runs a command in front, passes signals on to it, and answers its exit code (128 + signal when a signal ended it).
 *
 * With `ownGroup` the terminal's Ctrl-C does not reach the child by itself. It reaches us up to twice, from the terminal and from npm,
 * and is passed on once, so that a server that takes the second interrupt as "now, at once" still stops in order.
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {{ ownGroup?: boolean, env?: NodeJS.ProcessEnv }} how
 * @returns {Promise<number>}
 */
export function follow(command, args, cwd, { ownGroup = false, env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: [ownGroup ? 'ignore' : 'inherit', 'inherit', 'inherit'], detached: ownGroup })
    let last = Number.NEGATIVE_INFINITY
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => {
        if (!ownGroup && signal === 'SIGINT' && process.stdin.isTTY) return // the terminal told the whole group
        if (performance.now() - last < 1000) return
        last = performance.now()
        child.kill(signal)
      })
    }
    child.once('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`)
      resolve(127)
    })
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
}
