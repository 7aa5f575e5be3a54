import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from './eventually.ts'
import type { Facts } from './facts.ts'
import { type Ran, run, type Started, start } from './processes.ts'

let answers = 0

/** The environment in which ssh asks our script and nobody else. The answer lies in a file of ours, not in the environment. */
function asking({ work }: Facts, answer: string | undefined): NodeJS.ProcessEnv {
  const script = join(work, 'askpass.sh')
  writeFileSync(script, '#!/bin/sh\nexec cat "$TOUR_ANSWER"\n', { mode: 0o700 })
  chmodSync(script, 0o700)
  const file = join(work, `answer-${++answers}`)
  writeFileSync(file, answer === undefined ? '' : `${answer}\n`, { mode: 0o600 })
  const { SSH_AUTH_SOCK: _agent, ...env } = process.env
  return { ...env, SSH_ASKPASS: script, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0', TOUR_ANSWER: file, TERM: 'xterm-256color' }
}

/** Runs the real ssh to its end. `answer` is what it gets to its one question. */
export const ssh = async (facts: Facts, args: readonly string[], answer: string | undefined, seconds: number): Promise<Ran> =>
  await run('ssh', ['-F', 'none', ...args], { env: asking(facts, answer), seconds })

/** The real ssh with a terminal on the far side, which we type into and read from. */
export class Shell {
  readonly #started: Started
  /** How far into the output we have read. */
  #read = 0

  constructor(facts: Facts, args: readonly string[], answer: string | undefined, seconds: number) {
    this.#started = start('ssh', ['-tt', ...args], { env: asking(facts, answer), seconds })
  }

  get output(): string {
    return this.#started.said.out
  }

  get ended(): Promise<number> {
    return this.#started.ended
  }

  type(text: string): void {
    this.#started.child.stdin?.write(text)
  }

  /** Waits until what was not read yet matches, and reads up to the end of the match. */
  async until(what: string, pattern: RegExp, seconds: number): Promise<RegExpExecArray> {
    let gone = false
    void this.ended.then(() => {
      gone = true
    })
    return await eventually(`${what} in the terminal`, seconds, async () => {
      const match = pattern.exec(this.output.slice(this.#read))
      if (match) this.#read += match.index + match[0].length
      else if (gone)
        throw new Error(`ssh ended (${await this.ended}) before ${what}: ${(this.#started.said.err + this.output).slice(-400)}`)
      return match ?? undefined
    })
  }
}
