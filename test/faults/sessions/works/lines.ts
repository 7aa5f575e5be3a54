import { randomBytes } from 'node:crypto'
import type { Program } from '../../../support/process.ts'
import { until } from '../../../support/until.ts'
import type { Mark } from './work.ts'

/** A word that nothing else says. */
export const fresh = (): string => randomBytes(6).toString('hex')

/** So much that nobody can guess, nor pack: what is recorded of it soon takes more room than there happens to be. */
export const plenty = (bytes: number): string => randomBytes(bytes).toString('hex')

/**
 * The whole lines that a program writes, each with the time at which it came, from the one that is `first` on. What the door itself says between
 * them is no part of what the target sent.
 */
export function linesOf(program: Program, first: string): Mark[] {
  const marks: Mark[] = []
  let rest = ''
  let begun = false
  program.child.stdout?.on('data', (text: string) => {
    const at = performance.now()
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      // a shell puts what it says to the terminal before it
      begun ||= line.trimEnd().endsWith(first)
      if (begun && !line.includes('[claviger]')) marks.push({ at, text: line })
    }
  })
  return marks
}

/** When a program showed this, which it does once; undefined when it ended before. Who only looked now and then would note the time of the look. */
export async function shownAt(program: Program, text: string): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>()
  let from = Math.max(0, program.out().length - 1)
  const look = () => {
    if (program.out().includes(text, from)) resolve(performance.now())
    else from = Math.max(from, program.out().length - text.length)
  }
  program.child.stdout?.on('data', look)
  void program.ended.then(() => resolve(undefined))
  const at = await promise
  program.child.stdout?.off('data', look)
  return at
}

/** Waits until there is something to see. */
export async function begins(what: string, program: Program, marks: readonly Mark[]): Promise<void> {
  try {
    await until(
      () => `${what}, which says: ${program.said().slice(-500)}`,
      () => {
        if (program.over()) throw new Error(`${what} ended before it began: ${program.said().slice(-500)}`)
        return marks.length > 0
      },
    )
  } catch (error) {
    program.kill()
    throw error
  }
}
