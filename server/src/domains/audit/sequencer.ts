import { appendFileSync, closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Keeper } from '../../keeper/client.ts'
import { atOnce, type Db } from '../../platform/db/open-db.ts'
import { beat, givePlaces, leaveEpoch, readPlaced, saveCheckpoint, takeEpoch } from './ledger.store.ts'

const batch = 500
const beatEveryMs = 1_000

export interface Sequencer {
  /** Something was committed or signed: look now. Called as often as you like. */
  kick(): void
  /** When it last finished a round, for the health page. */
  lastRound(): Date | undefined
  /** Whether this node is the elected one. */
  leads(): boolean
  stop(): Promise<void>
}

export interface SequencerDeps {
  db: Db
  keeper: Keeper
  /** This server's id among those on the same database. */
  node: string
  /** Where each signed checkpoint is appended and fsynced: put it on another disk or machine. */
  anchorFile: string
  log: (line: string) => void
  everyMs?: number
}

/**
 * Of all servers on one database one is elected (domains/audit/ledger.store.ts: a lease by the database's clock, an epoch that each commit is
 * measured by). It gives places to committed entries, commits, and only then has its keeper sign: no root is ever signed over what could still
 * be rolled back. After a crash between the two, the keeper says how far it signed and the rest is handed to it again. The others let their
 * keepers follow, and take over when the elected one is silent or its keeper does not sign.
 */
export async function startSequencer(deps: SequencerDeps): Promise<Sequencer> {
  const { db, keeper, node, anchorFile, log } = deps
  mkdirSync(dirname(anchorFile), { recursive: true })
  let epoch: number | undefined
  let first = true
  let beaten = 0
  let signed = 0
  let anchored = ''
  let wanted = true
  let stopped = false
  let last: Date | undefined
  let running: Promise<void> | undefined

  const anchorOnce = (note: string): void => {
    if (note !== '' && note !== anchored) anchor(anchorFile, note)
    anchored = note
  }
  /** As one of the others: what was signed elsewhere is taken over by our keeper. */
  const follow = async (): Promise<void> => {
    const followed = await keeper.ask('follow', {})
    if (!followed.ok) throw new Error(followed.error.message)
    signed = followed.value.size
    anchorOnce(followed.value.note)
  }
  const lose = (): void => {
    epoch = undefined
    wanted = true
    log('another node sequences the ledger now; this one follows')
  }

  const sequence = async (elected: number): Promise<void> => {
    const given = await givePlaces(db, elected, batch)
    if (given === undefined) return lose()
    const all = given.length < batch
    if (!all) wanted = true
    // what got its place just now is all that is not signed, unless an earlier round could not sign
    let fresh = given[0]?.place === signed + 1 ? given : undefined
    for (;;) {
      const entries = fresh ?? (await readPlaced(atOnce(db), signed + 1, batch))
      const nothingElse = all && fresh !== undefined
      fresh = undefined
      if (entries.length === 0) return
      const hole = entries.findIndex((e, i) => e.place !== signed + 1 + i)
      if (hole >= 0) throw new Error(`there is no entry at place ${signed + 1 + hole}: somebody changed the ledger's table`)
      const answer = await keeper.ask('append', {
        first: signed + 1,
        epoch: elected,
        entries: entries.map((e) => ({ id: e.id, bytes: e.bytes.toString('base64'), origin: e.origin, tag: e.tag.toString('base64') })),
      })
      if (!answer.ok) {
        if (answer.error.code === 'ledger.not_elected') return lose()
        if (answer.error.code === 'ledger.gap' || answer.error.code === 'keeper.unreachable') signed = await signedSize(keeper, signed)
        throw new Error(answer.error.message)
      }
      anchorOnce(answer.value.note)
      await saveCheckpoint(atOnce(db), answer.value.note)
      // only now: one that could not be saved is asked for again, since others wait for it
      signed = answer.value.size
      for (const forged of answer.value.forged) log(`ALARM: ledger entry ${forged.id} at place ${forged.place}: ${forged.why}`)
      if (nothingElse) return
    }
  }

  const round = async (): Promise<void> => {
    // without keys nothing is signed: another node may, and when ours are back we follow first
    if (!keeper.open) {
      epoch = undefined
      wanted = false
      last = new Date()
      return
    }
    while (wanted && !stopped) {
      wanted = false
      if (epoch === undefined) {
        await follow()
        epoch = await db.transaction().execute((tx) => takeEpoch(tx, node, first))
        first = false
        beaten = Date.now()
        if (epoch !== undefined) wanted = true
      } else {
        await sequence(epoch)
        // only a round that came to its end says that we are there: one whose keeper does not sign lets another node take over
        if (epoch !== undefined && Date.now() - beaten >= beatEveryMs) {
          if (!(await db.transaction().execute((tx) => beat(tx, epoch ?? 0)))) lose()
          beaten = Date.now()
        }
      }
    }
    last = new Date()
  }

  // once, not twice a second: a sealed keeper or a database that is away may stay so for hours
  let complained = ''
  const complain = (error: unknown): void => {
    const why = error instanceof Error ? error.message : String(error)
    if (why !== complained) log(`the ledger is not being sequenced: ${why}`)
    complained = why
  }

  const kick = (): void => {
    wanted = true
    if (stopped || running) return
    running = round()
      .then(() => {
        complained = ''
      })
      .catch(complain)
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
    leads: () => epoch !== undefined,
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
      if (epoch !== undefined)
        await db
          .transaction()
          .execute((tx) => leaveEpoch(tx, epoch ?? 0))
          .catch(() => undefined)
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
