import { join } from 'node:path'
import type { Call, Transport } from '@claviger/api'
import { handOutCode } from '../../cli/src/codes/hand-out.ts'
import { type LabPerson, readLabPerson } from '../../cli/src/codes/people.ts'
import { transportTo } from '../../cli/src/kit/server.ts'
import { readSignIn } from '../../cli/src/kit/sign-in.ts'
import { patience } from './arguments.ts'
import type { Facts } from './facts.ts'
import { type Ran, run } from './processes.ts'
import { NotAsPromised } from './proof.ts'

/** One of the lab's people at their own machine: a configuration folder, the CLI, and the API with the token of that sign-in. */
export class Person {
  readonly name: string
  readonly folder: string
  readonly lab: LabPerson
  readonly #facts: Facts
  readonly #waiting: (what: string) => void

  /** `folder` outlives the run for those whose sign-in may be used again, which spares their codes. */
  constructor(facts: Facts, name: string, folder: string, waiting: (what: string) => void) {
    this.name = name
    this.folder = folder
    this.lab = readLabPerson(facts.data, name)
    this.#facts = facts
    this.#waiting = waiting
  }

  /** A code that nobody used; waits for the next one when it must. */
  async code(): Promise<string> {
    const onWait = (seconds: number) => this.#waiting(`waiting ${seconds} s for the next code of ${this.name}`)
    return (await handOutCode(this.#facts.data, this.name, this.lab.totpSecret, { from: 'soonest', onWait })).code
  }

  /** Runs `./claviger …` as this person. */
  async cli(args: readonly string[], input = '', seconds = 60 * patience): Promise<Ran> {
    const { claviger, server } = this.#facts
    const { SSH_AUTH_SOCK: _agent, NO_COLOR: _colour, ...env } = process.env
    const own = { CLAVIGER_CONFIG: this.folder, CLAVIGER_SERVER: server, CLAVIGER_DATA: this.#facts.data, NO_COLOR: '1' }
    return await run(claviger, args, { env: { ...env, ...own }, input, seconds })
  }

  /** The same with --json: the one document that it prints. `ok` is about the exit status. */
  async json<T = Record<string, unknown>>(
    args: readonly string[],
    input = '',
  ): Promise<{ status: number; answer: T; error: { code?: string; message?: string } }> {
    const { status, out, err } = await this.cli(['--json', ...args], input)
    try {
      const answer = JSON.parse(out)
      return { status, answer, error: answer.error ?? {} }
    } catch {
      throw new NotAsPromised(`claviger ${args.join(' ')} printed no JSON (exit ${status}): ${(err || out).slice(0, 300)}`)
    }
  }

  /** The answer of a command that must succeed. With `codes`, a fresh code goes to its standard input. */
  async must<T>(args: readonly string[], how: { before?: string; code?: boolean } = {}): Promise<T> {
    for (let tries = 0; ; tries++) {
      const input = how.code ? `${how.before ?? ''}${await this.code()}\n` : (how.before ?? '')
      const { status, answer, error } = await this.json<T>(args, input)
      if (status === 0) return answer
      // the lab's own first run may have used a code that we do not know of
      if (error.code === 'factor.code_used' && tries < 2) continue
      throw new NotAsPromised(
        `claviger ${args.join(' ')} as ${this.name}: ${error.message ?? `exit ${status}`} (${error.code ?? 'no code'})`,
      )
    }
  }

  /** Signs in with password and code, unless `reuse` finds a sign-in that still holds. */
  async signIn(reuse: boolean): Promise<{ expiresAt: string; gateway?: { host: string; port: number } }> {
    if (reuse && (await this.json(['whoami'])).status === 0) return { expiresAt: readSignIn(this.folder)?.expiresAt ?? '' }
    return await this.must(['login', '--name', this.name, '--password-file', '-', '--code-file', '-'], {
      before: `${this.lab.password}\n`,
      code: true,
    })
  }

  /** The API with the token of the sign-in. */
  get api(): Transport {
    return transportTo(this.#facts.server, readSignIn(this.folder)?.token)
  }
}

/** Where someone's sign-in is kept between runs of the tour. */
export const keptFolder = ({ data }: Facts, name: string): string => join(data, 'lab', 'tour', name)

/** The value of an answer that must be yes. */
export async function yes<T>(what: string, asked: Promise<Call<T>>): Promise<T> {
  const answer = await asked
  if (answer.ok) return answer.value
  throw new NotAsPromised(`${what}: ${answer.refusal.message} (${answer.refusal.code})`)
}

/** The same for what needs a fresh code. */
export async function yesWithCode<T>(what: string, person: Person, ask: (code: string) => Promise<Call<T>>): Promise<T> {
  const first = await ask(await person.code())
  if (!first.ok && first.refusal.code === 'factor.code_used') return await yes(what, ask(await person.code()))
  return await yes(what, Promise.resolve(first))
}
