import type { AnyAuthMethod, ParsedKey, Prompt } from 'ssh2'
import { loginRefused, type Outcome, protocol } from './failures.ts'

/** The one thing that we log in with. Bytes belong to the caller, who wipes them. */
export type SshProof = { kind: 'password'; bytes: Uint8Array } | { kind: 'ssh-key'; key: ParsedKey }

/** Why no further attempt is made; undefined while everything goes its way. */
type Refusal = Extract<Outcome<never>, { ok: false }>

/**
 * Answers ssh2's question "what next?" so that exactly one proof is offered, once, in one way: a server cannot make us
 * fall back to anything. A password goes to method `password`, or to keyboard-interactive where only that is offered.
 */
export class OneProof {
  readonly #user: string
  readonly #proof: SshProof
  /** ssh2 emits its own error when we stop; ours says more. */
  refusal: Refusal | undefined
  /** True once the credential itself was sent. A login that succeeds without proves nothing. */
  offered = false
  #prompted = false

  constructor(user: string, proof: SshProof) {
    this.#user = user
    this.#proof = proof
  }

  /** `methods` is null before the server said which it takes; `partial` when it took our proof and wants another. */
  next(methods: readonly string[] | null, partial: boolean | null): AnyAuthMethod | false {
    if (partial) return this.#stop(protocol('the target asks for a second proof besides the credential'))
    if (this.offered) return this.#stop(loginRefused('the credential was refused'))
    const username = this.#user
    const proof = this.#proof
    if (proof.kind === 'ssh-key') {
      this.offered = true
      return { type: 'publickey', username, key: proof.key }
    }
    // asking with "none" costs a round trip, and tells where the password may go without guessing with it
    if (!methods) return { type: 'none', username }
    if (methods.includes('password')) {
      this.offered = true
      // a Buffer passes through ssh2 as it is; its types know strings only, which could not be wiped
      return { type: 'password', username, password: asBuffer(proof.bytes) as unknown as string }
    }
    if (methods.includes('keyboard-interactive')) {
      return {
        type: 'keyboard-interactive',
        username,
        prompt: (...args: unknown[]) => this.#answer(args[3] as Prompt[], args[4] as Answer),
      } as AnyAuthMethod
    }
    return this.#stop(loginRefused(`the target takes no password, only ${methods.join(', ')}`))
  }

  /** Called when the server's question is not one that we answer; set by the client to end the connection. */
  onRefusal: () => void = () => {}

  #answer(prompts: readonly Prompt[], finish: Answer): void {
    const [question, ...others] = prompts
    const proof = this.#proof
    if (this.#prompted || !question || others.length > 0 || !asksForPassword(question) || proof.kind !== 'password') {
      this.refusal = loginRefused('the target asks for something else than the password')
      this.onRefusal()
      return
    }
    this.#prompted = true
    this.offered = true
    finish([asBuffer(proof.bytes).toString('utf8')])
  }

  #stop(refusal: Refusal): false {
    this.refusal ??= refusal
    return false
  }
}

type Answer = (answers: string[]) => void

/** One hidden question that ends in "password": not a code, not "new password", not the old one to be changed. */
const asksForPassword = (question: Prompt): boolean =>
  question.echo !== true &&
  question.prompt.length <= 256 &&
  /password:?\s*$/i.test(question.prompt) &&
  !/new|current|old|retype/i.test(question.prompt)

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
