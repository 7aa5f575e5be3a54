import { type Program, startProgram } from '../support/process.ts'
import { until } from '../support/until.ts'

/** A session under way, as the person in it has it before their eyes. */
export interface Live {
  /** `ses_…` */
  id: string
  /** A line of a shell, or a statement. */
  run(line: string): Promise<void>
  /** Waits for this, behind what was waited for before. */
  shows(pattern: RegExp, seconds?: number): Promise<void>
  /** Ctrl-C. */
  interrupt(): Promise<void>
  /** Goes as one goes, and waits until the client is gone. */
  leave(): Promise<void>
  /** Waits until the client is gone, after the session has ended. */
  gone(seconds?: number): Promise<void>
}
/** Before it is known which session it is. */
export type Opened = Omit<Live, 'id'>

/** Looks through what a client said, in order. */
export function reading(said: () => string, over: () => boolean): Live['shows'] {
  let read = 0
  return async (pattern, seconds = 60) => {
    await until(
      () => `${pattern} in ${JSON.stringify(said().slice(-800))}`,
      () => {
        const match = pattern.exec(said().slice(read))
        if (match) read += match.index + match[0].length
        else if (over()) throw new Error(`it ended before ${pattern}: ${JSON.stringify(said().slice(-800))}`)
        return match !== null
      },
      seconds,
    )
  }
}

/** A program that reads what is typed on its standard input, or on a terminal that is its standard input. */
export function openProgram(
  file: string,
  args: readonly string[],
  how: { env: NodeJS.ProcessEnv; enter: string; goodbye: string; interrupt: string | NodeJS.Signals },
): Opened {
  const program: Program = startProgram(file, args, { seconds: 600, env: how.env })
  const type = async (text: string) => void program.child.stdin?.write(text)
  const gone = async (seconds = 60) => {
    await until(
      () => `the client to be gone. It said ${JSON.stringify(program.said().slice(-800))}`,
      () => program.over(),
      seconds,
    )
  }
  return {
    run: (line) => type(`${line}${how.enter}`),
    shows: reading(program.said, program.over),
    async interrupt() {
      if (how.interrupt.startsWith('SIG')) process.kill(-(program.child.pid ?? 0), how.interrupt as NodeJS.Signals)
      else await type(how.interrupt)
    },
    async leave() {
      await type(how.goodbye)
      await gone()
    },
    // a client of databases looks at its connection when it is asked for something
    async gone(seconds) {
      if (!program.over()) await type(how.goodbye)
      await gone(seconds)
    },
  }
}
