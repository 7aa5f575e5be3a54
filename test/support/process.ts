import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** A program that a test started: what it said, and how it ended. Killed with its whole group when its time is over. */
export interface Program {
  child: ChildProcess
  /** Everything so far, standard error included. */
  said(): string
  out(): string
  /** Exit status; 128 + n for a signal. */
  ended: Promise<number>
  over(): boolean
  kill(): void
}

export interface Bounds {
  seconds: number
  env?: NodeJS.ProcessEnv
  cwd?: string
  input?: string
  uid?: number
  gid?: number
}

export function startProgram(file: string, args: readonly string[], { seconds, input, ...options }: Bounds): Program {
  // a process group of its own and no terminal: ssh asks nobody but our askpass
  const child = spawn(file, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  let [all, out, over] = ['', '', false]
  const hear = (text: string) => {
    all = `${all}${text}`.slice(-2_000_000)
  }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
    hear(text)
  })
  child.stderr?.setEncoding('utf8').on('data', hear)
  child.stdin?.on('error', () => undefined)
  if (input !== undefined) child.stdin?.end(input)
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // gone already
    }
  }
  const timer = setTimeout(kill, seconds * 1000)
  const ended = new Promise<number>((resolve) => {
    child.once('error', (error) => {
      hear(`${error.message}\n`)
      resolve(127)
    })
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)))
  }).finally(() => {
    over = true
    clearTimeout(timer)
  })
  return { child, said: () => all, out: () => out, ended, over: () => over, kill }
}

export async function runProgram(
  file: string,
  args: readonly string[],
  bounds: Bounds,
): Promise<{ status: number; said: string; out: string }> {
  const program = startProgram(file, args, { input: '', ...bounds })
  const status = await program.ended
  return { status, said: program.said(), out: program.out() }
}

/** Processes whose parent is `pid`. */
export function childrenOf(pid: number): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
        return parent === pid ? [{ pid: Number(name), command }] : []
      } catch {
        return [] // gone meanwhile
      }
    })
}
