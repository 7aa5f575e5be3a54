import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fail, ok, type Result } from '../../server/src/kernel/result.ts'

export interface ChildSpec {
  folder: string
  /** Program and arguments; started through `setpriv --pdeathsig`, which replaces itself with it. */
  command: readonly string[]
  /** Written to its standard input, which is then closed. */
  input: string
  log: (line: string) => void
}

export interface Child {
  /** Resolves when it has ended, by us or by itself. */
  ended: Promise<void>
  stop(): Promise<void>
}

const startsWithinMs = 15_000
const pidFile = (folder: string) => join(folder, 'web01.pid')

/** Starts the server and waits until it listens; refuses with the last lines that it said. */
export async function startChild(spec: ChildSpec): Promise<Result<Child, string>> {
  const { command, folder, input, log } = spec
  // its own session: Ctrl-C in our terminal reaches us alone, and we stop it in order; if we are killed, the kernel does
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' },
    cwd: '/',
  })
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
  const { pid } = child
  if (pid) writeFileSync(pidFile(folder), `${pid} ${startTime(pid) ?? ''}\n`, { mode: 0o600 })
  child.stdin.on('error', () => {})
  child.stdin.end(input)

  const last: string[] = []
  const listening = new Promise<boolean>((resolve) => {
    const lines = createInterface({ input: child.stderr })
    lines.on('line', (line) => {
      log(line)
      last.push(line)
      if (last.length > 5) last.shift()
      if (line.startsWith('Server listening on ')) resolve(true)
    })
    // after its last line, so that the refusal can quote it
    lines.on('close', () => resolve(false))
    setTimeout(() => resolve(false), startsWithinMs).unref()
  })
  const stop = async () => {
    if (pid && child.exitCode === null && child.signalCode === null) await killTree(pid)
    await exited
    rmSync(pidFile(folder), { force: true })
  }
  if (await listening) return ok({ ended: exited, stop })
  await stop()
  return fail(last.join(' | ').slice(-500))
}

/** Ends a server that an earlier start in this folder left behind, if it is certainly that one. */
export async function stopOrphan(folder: string): Promise<void> {
  let written = ''
  try {
    written = readFileSync(pidFile(folder), 'utf8')
  } catch {
    return
  }
  const [pid = 0, started = 0] = written.trim().split(' ').map(Number)
  if (pid > 1 && startTime(pid) === started && commandLine(pid).includes(folder)) await killTree(pid)
  rmSync(pidFile(folder), { force: true })
}

/**
 * Kills the process and what descends from it, and waits until all are gone, so that the port is free again. In a PID
 * namespace the kernel ends with its first process whatever we did not see.
 */
async function killTree(pid: number): Promise<void> {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) && stat(Number(name))?.[1]
    if (parent) parents.set(Number(name), Number(parent))
  }
  const tree = [pid]
  for (const one of tree) for (const [child, parent] of parents) if (parent === one) tree.push(child)
  for (const one of tree) {
    try {
      process.kill(one, 'SIGKILL')
    } catch {
      // gone already
    }
  }
  for (let tries = 0; tree.some((one) => stat(one)) && tries < 200; tries++) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** When the process started, in clock ticks since boot: tells it from a later one with the same number. */
const startTime = (pid: number): number | undefined => {
  const fields = stat(pid)
  return fields && Number(fields[19])
}

/** Fields 3 and up of /proc/PID/stat (proc(5)); the name before them may hold blanks. Undefined for a zombie or nobody. */
function stat(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields
  } catch {
    return undefined
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
