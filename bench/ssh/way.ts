import { type ChildProcess, spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { performance } from 'node:perf_hooks'

/** A way to reach the same account on the same host: arguments of the real ssh up to the host's name. */
export interface Way {
  name: string
  args: readonly string[]
}

const { SSH_AUTH_SOCK: _agent, ...env } = process.env
export const sshEnvironment: NodeJS.ProcessEnv = { ...env, TERM: 'xterm' }

/** Seconds that one command took from start to end. Throws with what ssh said when it failed. */
export async function timed(way: Way, command: string, input?: string): Promise<number> {
  const began = performance.now()
  const child = spawn('ssh', [...way.args, command], {
    env: sshEnvironment,
    // the output goes nowhere: reading it would be work for this process
    stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'],
  })
  if (input !== undefined && child.stdin) createReadStream(input, { highWaterMark: 1 << 18 }).pipe(child.stdin)
  child.stdin?.on('error', () => undefined)
  await ended(way, child)
  return (performance.now() - began) / 1000
}

/** The same for the real sftp, which does what stands in `batch`. */
export async function timedSftp(way: Way, batch: string): Promise<number> {
  const began = performance.now()
  await ended(way, spawn('sftp', ['-q', '-b', batch, ...way.args], { env: sshEnvironment, stdio: ['ignore', 'ignore', 'pipe'] }))
  return (performance.now() - began) / 1000
}

async function ended(way: Way, child: ChildProcess): Promise<void> {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-2_000)
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), 600_000)
  const status = await new Promise((resolve) => child.once('close', resolve))
  clearTimeout(timer)
  if (status !== 0) throw new Error(`${child.spawnfile} by way of ${way.name} ended with ${status}: ${said.trim().slice(-500)}`)
}
