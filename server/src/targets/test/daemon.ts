import { execFileSync, spawn } from 'node:child_process'
import { chownSync } from 'node:fs'
import { connect } from 'node:net'

export interface Daemon {
  /** What it said on both outputs. */
  said(): string
  stop(): Promise<void>
}

const asRoot = process.getuid?.() === 0

/** Ids of a user of the system, for files that its server reads; nothing when we are nobody special ourselves. */
export function owner(user: string): { uid: number; gid: number } | undefined {
  if (!asRoot) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
export function give(user: string, ...paths: string[]): void {
  const to = owner(user)
  if (to) for (const path of paths) chownSync(path, to.uid, to.gid)
}

/**
 * Starts a server of the system under its own user, and waits until somebody listens at its port. It ends with `stop`, and
 * with the thread that started it, however that ends.
 */
export async function startDaemon(user: string, command: readonly string[], port: number): Promise<Daemon> {
  const as = asRoot ? ['--reuid', user, '--regid', user, '--clear-groups'] : []
  const child = spawn('setpriv', [...as, '--pdeathsig', 'KILL', '--', ...command], { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' })
  const said: string[] = []
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk) => said.push(String(chunk)))
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const hurry = setTimeout(() => child.kill('SIGKILL'), 20_000)
    await ended
    clearTimeout(hurry)
  }
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) break
    if (await answers(port)) return { said: () => said.join(''), stop }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await stop()
  throw new Error(`${command[0]} did not start:\n${said.join('').slice(-2_000)}`)
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true))
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy())
  })
