import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Web01, Web01Refusal } from './index.ts'

export const clone = join(import.meta.dirname, '../..')
export const fixture = 'lab/web01/start.fixture.ts'

interface Started {
  child: ChildProcess
  /** The line that it printed: what `startWeb01` answered. */
  first: { ok: boolean; value: Web01; error: Web01Refusal }
  stop(): Promise<void>
}

/** Runs web01 in a process of its own. */
export async function inProcess(command: string, args: readonly string[]): Promise<Started> {
  const child = spawn(command, args, { cwd: clone, stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = () => {
    child.stdin.end()
    return exited
  }
  for await (const line of createInterface({ input: child.stdout })) return { child, first: JSON.parse(line), stop }
  throw new Error('the fixture said nothing')
}

const someUser = 64_899

/**
 * Starts web01 as a normal user: ourselves, or, as root, a user that exists in the mount namespace of that process
 * alone, and whose terminals the kernel gives to no group, as in some containers. `folder` must be one that others may enter.
 */
export async function startAsUser(folder: string, port: number): Promise<{ web01: Web01; child: ChildProcess; stop(): Promise<void> }> {
  const { child, first, stop } =
    process.getuid?.() === 0 ? await asSomebody(folder, port) : await inProcess(process.execPath, [fixture, folder, String(port)])
  if (!first.ok) throw new Error(first.error.say)
  return { web01: first.value, child, stop }
}

function asSomebody(folder: string, port: number): Promise<Started> {
  chmodSync(folder, 0o755)
  for (const name of ['clone', 'home', 'state']) mkdirSync(join(folder, name))
  for (const name of ['home', 'state']) chownSync(join(folder, name), someUser, someUser)
  const line = `lab-user:x:${someUser}:${someUser}::${join(folder, 'home')}:/bin/sh\n`
  writeFileSync(join(folder, 'passwd'), readFileSync('/etc/passwd', 'utf8') + line, { mode: 0o644 })
  // the clone may lie where no other user gets to
  const script = `mount --bind "$1/passwd" /etc/passwd && mount --bind "$2" "$1/clone" && cd "$1/clone" &&
    mount -t devpts -o newinstance,ptmxmode=0666,mode=600 devpts /dev/pts && mount --bind /dev/pts/ptmx /dev/ptmx &&
    exec setpriv --reuid ${someUser} --regid ${someUser} --clear-groups "$3" "$4" "$1/state" "$5"`
  const node = process.execPath.replace(clone, join(folder, 'clone'))
  return inProcess('unshare', ['--mount', 'sh', '-c', script, 'sh', folder, clone, node, fixture, String(port)])
}
