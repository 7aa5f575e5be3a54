import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { CliError } from '../kit/exit.ts'
import { readIfThere, writePrivate } from '../kit/files.ts'

/** One thing that installing or uninstalling does: said before it is done, and safe to repeat. Paths are those that we write to. */
export type Step =
  | { do: 'folder'; path: string; mode: number; group?: number }
  /** `keep`: an operator may have changed it, so that it is left as it is when it is there. */
  | { do: 'file'; path: string; mode: number; content: string; keep?: true }
  | { do: 'link'; path: string; to: string }
  | { do: 'release'; path: string; from: string; bring(): void }
  | { do: 'remove'; path: string; why: string }
  | { do: 'run'; command: readonly [string, ...string[]]; why: string; mayFail?: true }

const octal = (mode: number) => `0${mode.toString(8)}`

/** One line for people, such as `file     /etc/claviger/claviger.env (0640)`. */
export function words(step: Step): string {
  const verb = step.do.padEnd(8)
  if (step.do === 'folder') return `${verb} ${step.path} (${octal(step.mode)}${step.group ? `, group ${step.group}` : ''})`
  if (step.do === 'file') return `${verb} ${step.path} (${octal(step.mode)})${step.keep ? ', unless it is there' : ''}`
  if (step.do === 'link') return `${verb} ${step.path} → ${step.to}`
  if (step.do === 'release') return `${verb} ${step.path}, from ${step.from}`
  if (step.do === 'remove') return `${verb} ${step.path} (${step.why})`
  return `${verb} ${step.command.join(' ')} (${step.why})`
}

export function carryOut(step: Step): void {
  if (step.do === 'folder') {
    if (existsSync(step.path)) return
    mkdirSync(dirname(step.path), { recursive: true, mode: 0o755 })
    mkdirSync(step.path, { mode: step.mode })
    chownSync(step.path, 0, step.group ?? 0)
    chmodSync(step.path, step.mode)
  } else if (step.do === 'file') {
    if (step.keep && existsSync(step.path)) return
    if (readIfThere(step.path) === step.content) return
    mkdirSync(dirname(step.path), { recursive: true, mode: 0o755 })
    writePrivate(step.path, step.content)
    chmodSync(step.path, step.mode)
  } else if (step.do === 'link') {
    mkdirSync(dirname(step.path), { recursive: true, mode: 0o755 })
    // beside its place and renamed: there is no moment without it
    const fresh = `${step.path}.new`
    rmSync(fresh, { force: true })
    symlinkSync(step.to, fresh)
    renameSync(fresh, step.path)
  } else if (step.do === 'release') {
    if (!existsSync(step.path)) step.bring()
  } else if (step.do === 'remove') rmSync(step.path, { recursive: true, force: true })
  else run(step.command, step.mayFail)
}

function run([file, ...args]: readonly [string, ...string[]], mayFail = false): void {
  try {
    execFileSync(file, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
  } catch (cause) {
    if (mayFail) return
    const said = String((cause as { stderr?: string }).stderr ?? '').trim()
    throw new CliError('failed', `${[file, ...args].join(' ')} failed. ${said || String(cause)}`)
  }
}

/** Where a link of ours leads; undefined when there is none. Anything else at its place is not ours to replace. */
export function linkTarget(path: string): string | undefined {
  try {
    if (!lstatSync(path).isSymbolicLink())
      throw new CliError('refused', `${path} is there and no link of ours. Move it away, then run this again.`)
    return readlinkSync(path)
  } catch (error) {
    if (error instanceof CliError) throw error
    return undefined
  }
}
