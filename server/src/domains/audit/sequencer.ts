import { appendFileSync, closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Keeper } from '../../keeper/client.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { givePlaces, readPlaced, saveCheckpoint, takeEpoch } from './ledger.store.ts'

const batch = 500

export interface Sequencer {
  /** Something was committed: look now. Called as often as you like. */
  kick(): void
  /** When it last finished a round, for the health page. */
  lastRound(): Date | undefined
  stop(): Promise<void>
}

export interface SequencerDeps {
  db: Db
  keeper: Keeper
  /** Where each signed checkpoint is appended and fsynced: put it on another disk or machine. */
  anchorFile: string
  log: (line: string) => void
  /** Records that an entry was not ours; given late, since it writes entries itself. */
  everyMs?: number
}

/**
 * Gives places to committed entries, commits, and only then has the keeper sign: no root is ever signed over what could
 * still be rolled back. After a crash between the two, the keeper says how far it signed and the rest is handed to it again.
 */
export async function startSequencer(deps: SequencerDeps): Promise<Sequencer> {
  const { db, keeper, anchorFile, log } = deps
  mkdirSync(dirname(anchorFile), { recursive: true })
  const epoch = await db.transaction().execute((tx) => takeEpoch(tx))
  let signed = await signedSize(keeper)
  let wanted = true
  let stopped = false
  let last: Date | undefined
  let running: Promise<void> | undefined

  const round = async (): Promise<void> => {
    while (wanted && !stopped) {
      wanted = false
      const given = await db.transaction().execute((tx) => givePlaces(tx, epoch, batch))
      if (given === batch) wanted = true
      for (;;) {
        const entries = await db.transaction().execute((tx) => readPlaced(tx, signed + 1, batch))
        if (entries.length === 0) break
        const hole = entries.findIndex((e, i) => e.place !== signed + 1 + i)
        if (hole >= 0) throw new Error(`there is no entry at place ${signed + 1 + hole}: somebody changed the ledger's table`)
        const answer = await keeper.ask('append', {
          first: signed + 1,
          entries: entries.map((e) => ({ id: e.id, bytes: e.bytes.toString('base64'), origin: e.origin, tag: e.tag.toString('base64') })),
        })
        if (!answer.ok) {
          if (answer.error.code === 'ledger.gap' || answer.error.code === 'keeper.unreachable') signed = await signedSize(keeper, signed)
          throw new Error(answer.error.message)
        }
        signed = answer.value.size
        anchor(anchorFile, answer.value.note)
        await db.transaction().execute((tx) => saveCheckpoint(tx, signed, answer.value.note))
        for (const forged of answer.value.forged) log(`ALARM: ledger entry ${forged.id} at place ${forged.place}: ${forged.why}`)
      }
    }
    last = new Date()
  }

  const kick = (): void => {
    wanted = true
    if (stopped || running) return
    running = round()
      .catch((error: unknown) => log(`the ledger is not being sequenced: ${error instanceof Error ? error.message : String(error)}`))
      .finally(() => {
        running = undefined
        // what arrived while the round ended; not at once after an error, the timer comes round
        if (wanted && last && Date.now() - last.getTime() < 1_000) kick()
      })
  }

  // the net under the notifications: nothing waits longer than this
  const timer = setInterval(kick, deps.everyMs ?? 500)
  kick()
  return {
    kick,
    lastRound: () => last,
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}

async function signedSize(keeper: Keeper, otherwise = 0): Promise<number> {
  const status = await keeper.ask('status', {})
  return status.ok ? status.value.size : otherwise
}

function anchor(file: string, note: string): void {
  const handle = openSync(file, 'a', 0o644)
  try {
    appendFileSync(handle, `${note}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
