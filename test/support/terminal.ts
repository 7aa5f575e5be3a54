import { type Program, startProgram } from './process.ts'
import { until } from './until.ts'

/** A program on a terminal of its own: what it wrote there, escape sequences included, and somebody who types. */
export interface Terminal {
  program: Program
  /** Everything that ever went to the terminal. */
  screen(): string
  type(keys: string): void
  /** Waits until this is shown after what was waited for before. */
  shows(pattern: RegExp, seconds?: number): Promise<void>
}

/** Runs a command on a real pseudo-terminal, made by `script` of util-linux. */
export function onTerminal(command: readonly string[], how: { seconds?: number; env: NodeJS.ProcessEnv }): Terminal {
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  const { NO_COLOR: _, ...env } = how.env
  const program = startProgram('script', ['-qefc', `stty cols 140 rows 40; exec ${quoted}`, '/dev/null'], {
    seconds: how.seconds ?? 280,
    env: { ...env, TERM: 'xterm-256color' },
  })
  let read = 0
  return {
    program,
    screen: () => program.out(),
    type: (keys) => void program.child.stdin?.write(keys),
    shows: async (pattern, seconds = 60) => {
      await until(
        () => `${pattern} on the terminal, which shows: ${JSON.stringify(program.out().slice(-800))}`,
        () => {
          const match = pattern.exec(program.out().slice(read))
          if (match) read += match.index + match[0].length
          else if (program.over()) throw new Error(`the program ended before ${pattern}: ${JSON.stringify(program.out().slice(-800))}`)
          return match !== null
        },
        seconds,
      )
    },
  }
}
