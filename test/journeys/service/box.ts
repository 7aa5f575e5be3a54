import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childrenOf, runProgram, startProgram } from '../../support/process.ts'
import { until } from '../../support/until.ts'

/** A machine in namespaces, started by systemd: see boot.sh. */
export interface Box {
  /** Runs a command in there, as root. */
  run(
    command: readonly [string, ...string[]],
    how?: { seconds?: number; input?: string },
  ): Promise<{ status: number; said: string; out: string }>
  /** What systemd and its services said. */
  said(): string
  stop(): Promise<void>
}

const controlGroups = existsSync('/sys/fs/cgroup/systemd') ? '/sys/fs/cgroup/systemd' : '/sys/fs/cgroup'

export async function startBox(): Promise<Box> {
  const work = mkdtempSync(join(tmpdir(), 'claviger-box-'))
  // its systemd makes control groups: in one of ours, which it takes for the root
  const group = join(controlGroups, `claviger-test-${process.pid}`)
  mkdirSync(group)
  const start = `echo $$ >'${group}/cgroup.procs' && exec sh '${join(import.meta.dirname, 'boot.sh')}' '${work}'`
  const program = startProgram('script', ['-qfec', start, '/dev/null'], { seconds: 1_500 })
  // script → unshare → systemd, which is process 1 in there
  const first = (pid: number): number | undefined => {
    const [child] = childrenOf(pid)
    if (child === undefined) return undefined
    return child.command.includes('/systemd') && readFileSync(`/proc/${child.pid}/comm`, 'utf8').trim() === 'systemd'
      ? child.pid
      : first(child.pid)
  }
  const stop = async () => {
    const pid = program.child.pid === undefined ? undefined : first(program.child.pid)
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
    program.kill()
    await program.ended
    await until('its control groups to be empty', () => {
      try {
        removeGroups(group)
        return true
      } catch {
        return false
      }
    })
    rmSync(work, { recursive: true, force: true })
  }
  let pid = 0
  const run: Box['run'] = (command, how = {}) =>
    runProgram('nsenter', ['--target', String(pid), '--mount', '--pid', '--uts', '--ipc', '--net', '--cgroup', '--', ...command], {
      seconds: how.seconds ?? 180,
      input: how.input ?? '',
      env: { PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', NO_COLOR: '1' },
    })
  try {
    await until(
      () => `systemd to be up. It said:\n${program.said()}`,
      async () => {
        if (program.over()) throw new Error(`systemd did not start:\n${program.said()}`)
        pid = first(program.child.pid ?? 0) ?? 0
        return pid > 0 && (await run(['systemctl', 'is-active', 'basic.target'])).status === 0
      },
      180,
    )
  } catch (error) {
    await stop()
    throw error
  }
  return { run, said: program.said, stop }
}

function removeGroups(group: string): void {
  if (!existsSync(group)) return
  for (const inner of readdirSync(group, { withFileTypes: true })) if (inner.isDirectory()) removeGroups(join(group, inner.name))
  rmdirSync(group)
}
