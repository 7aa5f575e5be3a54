import { posix } from 'node:path'
import type { Said, ScpCommand } from '../../../protocols/scp/index.ts'
import type { JudgeFile } from '../../contract.ts'
import { wholePath } from '../../door/files/whole-path.ts'

type Begun = Extract<Said, { kind: 'file' | 'folder' }>

/** Asks policy about each file of one `scp -O` before its other side hears of it. */
export class ScpJudge {
  readonly #command: ScpCommand
  readonly #judge: JudgeFile
  readonly #path: string | undefined
  #verdict: 'pass' | { say: string } | undefined
  /** Set while what comes from that side waits. */
  readonly asking: { person?: Promise<void> | undefined; target?: Promise<void> | undefined } = {}

  constructor(command: ScpCommand, judge: JudgeFile) {
    this.#command = command
    this.#judge = judge
    // where it begins, and what a shell makes of a pattern, is known over there alone
    this.#path = command.pattern ? undefined : wholePath(command.path, undefined)
  }

  /** `wait`: the same is asked again when policy has answered. */
  before(begun: Begun, folders: readonly string[]): 'pass' | 'wait' | { say: string } {
    const verdict = this.#verdict
    this.#verdict = undefined
    if (verdict) return verdict
    const { op } = this.#command
    // one that the target has is nothing that is done to it
    if (op === 'get' && begun.kind === 'folder') return 'pass'
    const side = op === 'put' ? 'person' : 'target'
    this.asking[side] = this.#decide(begun, folders).then((decided) => {
      this.#verdict = decided
      this.asking[side] = undefined
    })
    return 'wait'
  }

  async #decide(begun: Begun, folders: readonly string[]): Promise<'pass' | { say: string }> {
    const op = begun.kind === 'folder' ? 'mkdir' : this.#command.op
    const bytes = begun.kind === 'file' ? begun.size : 0
    const judged = await this.#judge({ op, bytes, ...this.#place(begun.name, folders) })
    return judged.ok ? 'pass' : { say: judged.error.say }
  }

  /** Where it may lie: whether a path names a folder already is known to the target alone. */
  #place(name: string, folders: readonly string[]): { path: string | undefined; or?: string } {
    const path = this.#path
    if (path === undefined) return { path }
    if (this.#command.op === 'get') return { path: folders.length === 0 ? path : posix.join(posix.dirname(path), ...folders, name) }
    const inside = posix.join(path, ...folders, name)
    if (this.#command.into && folders.length === 0) return { path: inside }
    const [, ...below] = [...folders, name]
    return { path: posix.join(path, ...below), or: inside }
  }
}
