import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'

/** Every process of the tour is started here, has a longest time, and is gone when the tour is. */
const running = new Set<ChildProcess>()

export interface Started {
  child: ChildProcess
  /** Everything that it said so far, standard error included. */
  said: { out: string; err: string }
  ended: Promise<number>
}

export interface Bounds extends Pick<SpawnOptions, 'env' | 'cwd'> {
  seconds: number
}

/** Starts a program with pipes. Its exit status is 128 + n for a signal, as shells say it; one that takes too long is killed. */
export function start(file: string, args: readonly string[], { seconds, ...options }: Bounds): Started {
  // its own process group and no terminal: ssh asks nobody but our askpass
  const child = spawn(file, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  running.add(child)
  const said = { out: '', err: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said.out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.err += text
  })
  child.stdin?.on('error', () => undefined)
  const timer = setTimeout(() => endOne(child), seconds * 1000)
  const ended = new Promise<number>((resolve) => {
    child.once('error', (error) => {
      said.err += `${error.message}\n`
      resolve(127)
    })
    child.once('close', (code) => resolve(code ?? 137))
  }).finally(() => {
    clearTimeout(timer)
    running.delete(child)
  })
  return { child, said, ended }
}

export interface Ran {
  status: number
  out: string
  err: string
}

/** Runs a program to its end; `input` goes to its standard input, which is then closed. */
export async function run(file: string, args: readonly string[], bounds: Bounds & { input?: string }): Promise<Ran> {
  const { input, ...rest } = bounds
  const { child, said, ended } = start(file, args, rest)
  child.stdin?.end(input ?? '')
  const status = await ended
  return { status, ...said }
}

/** Ends what still runs. */
export function endAll(): void {
  for (const child of running) endOne(child)
}

function endOne({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // gone already
  }
}
