import type { Result } from '../../../kernel/result.ts'
import type { JudgeFile, Refusal } from '../../contract.ts'

/** One file in one direction: what policy said of it, and from how many bytes on it has to be asked again. */
export class SizeJudged {
  readonly #ask: (bytes: number) => ReturnType<JudgeFile>
  #until: number | null
  #bytes = 0
  /** It said no: nothing more passes. */
  refused: Refusal | undefined

  /** `until`: as it was said when the file was opened. */
  constructor(until: number | null, ask: (bytes: number) => ReturnType<JudgeFile>) {
    this.#until = until
    this.#ask = ask
  }

  get bytes(): number {
    return this.#bytes
  }

  /** With so many bytes altogether: a promise where policy has to be asked first, after which the same is asked here again. */
  reaches(bytes: number): Promise<void> | undefined {
    if (this.refused) return undefined
    if (this.#until === null || bytes < this.#until) {
      this.#bytes = Math.max(this.#bytes, bytes)
      return undefined
    }
    return this.#ask(bytes).then((judged) => this.#said(judged, bytes))
  }

  #said(judged: Result<{ until: number | null }, Refusal>, bytes: number): void {
    if (!judged.ok) {
      this.refused = judged.error
      return
    }
    this.#until = judged.value.until
    this.#bytes = Math.max(this.#bytes, bytes)
  }
}
