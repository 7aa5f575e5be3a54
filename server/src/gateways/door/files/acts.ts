import type { FileAct } from '../../contract.ts'

type Told = Pick<FileAct, 'op' | 'path'> & Partial<FileAct>

/** One act while it goes on. */
export interface RunningAct {
  /** How it ended; said once, what is said later is not told. `more` is what was learnt meanwhile. */
  ended(outcome: 'ok' | 'failed' | 'cut', more?: Partial<FileAct>): void
}

/** The acts of one session, each told when it begins and when it has ended. */
export class FileActs {
  readonly #tell: (act: FileAct) => void
  readonly #running = new Set<(outcome: 'cut') => void>()
  #count = 0

  constructor(tell: (act: FileAct) => void) {
    this.#tell = tell
  }

  /** `left`: what to say of it should the session end first. */
  begin(told: Told, left: () => Partial<FileAct> = () => ({})): RunningAct {
    const begun: FileAct = { ...blank, ...told, n: ++this.#count }
    this.#tell(begun)
    const ended: RunningAct['ended'] = (outcome, more = {}) => {
      if (!this.#running.delete(cut)) return
      this.#tell({ ...begun, ...more, outcome })
    }
    const cut = () => ended('cut', left())
    this.#running.add(cut)
    return { ended }
  }

  /** The session is over: whatever still runs was cut. */
  cut(): void {
    for (const cut of this.#running) cut('cut')
  }
}

const blank = { to: null, from: 0, bytes: null, sha256: null, outcome: 'open', message: null } as const
