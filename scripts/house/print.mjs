// Everything goes to stderr: stdout belongs to the command that runs afterwards (`npm run tour -- --json` is read by machines).
import { env, stderr } from 'node:process'

const colours = !env.NO_COLOR && (stderr.isTTY || ![undefined, '', '0'].includes(env.FORCE_COLOR))

/** The environment for tools whose output is collected and shown later: they cannot see whether that will be a terminal. */
export const asColourful = colours ? { ...env, FORCE_COLOR: '1' } : { ...env, FORCE_COLOR: undefined, NO_COLOR: '1' }
/** @param {number} code @param {string} text */
const paint = (code, text) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text)

export const dim = (/** @type {string} */ text) => paint(2, text)
export const green = (/** @type {string} */ text) => paint(32, text)
export const red = (/** @type {string} */ text) => paint(31, text)
export const yellow = (/** @type {string} */ text) => paint(33, text)

/** @param {string} line */
export const say = (line) => void stderr.write(`${line}\n`)
/** @param {string} line */
export const done = (line) => say(`${green('✓')} ${line}`)
/** @param {string} line */
export const warn = (line) => say(`${yellow('!')} ${line}`)
/** @param {string} line */
export const refuse = (line) => say(`${red('✗')} ${line}`)

/** Seconds since `start` (of performance.now) with one decimal, for people. */
export const since = (/** @type {number} */ start) => `${((performance.now() - start) / 1000).toFixed(1)} s`

/**
 * Shows that long work goes on: a line that rewrites itself on a terminal, one every ten seconds elsewhere.
 * @param {() => string} text what to show now
 * @returns {() => void} stops showing it
 */
export function progress(text) {
  if (stderr.isTTY) {
    const timer = setInterval(() => stderr.write(`\r\u001b[2K${dim(`  ${text()}`)}`), 500)
    return () => {
      clearInterval(timer)
      stderr.write('\r\u001b[2K')
    }
  }
  const timer = setInterval(() => say(`  ${text()}`), 10_000)
  return () => clearInterval(timer)
}
