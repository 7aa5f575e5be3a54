import { mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Keeper } from '../../keeper/client.ts'
import { Secret } from '../../kernel/secret.ts'
import { atOnce, type Db } from '../../platform/db/open-db.ts'
import { type Brought, BroughtEntries, type Group } from './brought.ts'
import {
  beat,
  givePlaces,
  insertPlaced,
  leaveEpoch,
  type PlacedEntry,
  readPlaced,
  saveCheckpoint,
  takeEpoch,
  type WaitingEntry,
} from './ledger.store.ts'

const batch = 500
const beatEveryMs = 1_000

export interface Sequencer {
  /** Something was committed or signed: look now. Called as often as you like. */
  kick(): void
  /**
   * Inserts entries of this process and answers when they are signed: one statement and one signature for all that is brought meanwhile. Undefined
   * when this node is not the elected one, or there are too many. Throws when it cannot be said; they may be in the ledger then, or come into it.
   */
  bring(entries: readonly WaitingEntry[]): Promise<Brought> | undefined
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
  const brought = new BroughtEntries(batch)
  let saving: Promise<void> = Promise.resolve()

  const anchorOnce = async (note: string): Promise<void> => {
    if (note !== '' && note !== anchored) await anchor(anchorFile, note)
    anchored = note
  }
  /** Beside whatever comes next, but before the next signature. */
  const save = (note: string, size: number): void => {
    saving = Promise.all([anchorOnce(note), saveCheckpoint(atOnce(db), note)]).then(() => {
      // only now: one that could not be saved is asked for again, since others wait for it
      signed = size
    })
    saving.catch(() => undefined)
  }
  const saved = async (): Promise<void> => {
    const last = saving
    saving = Promise.resolve()
    await last
  }
  /** As one of the others: what was signed elsewhere is taken over by our keeper. */
  const follow = async (): Promise<void> => {
    const followed = await keeper.ask('follow', {})
    if (!followed.ok) throw new Error(followed.error.message)
    signed = followed.value.size
    await anchorOnce(followed.value.note)
  }
  const lose = (): void => {
    epoch = undefined
    wanted = true
    log('another node sequences the ledger now; this one follows')
  }

  const place = async (elected: number, groups: readonly Group[]): Promise<PlacedEntry[] | undefined> => {
    const entries = groups.flatMap((group) => group.entries)
    const first = await insertPlaced(db, elected, entries)
    return first === undefined ? undefined : entries.map((entry, at) => ({ ...entry, place: first + at }))
  }

  /** Gives places to what was brought, or else to what was committed without one, and has it signed. */
  const sequence = async (elected: number, groups: readonly Group[] = []): Promise<void> => {
    const given = groups.length > 0 ? await place(elected, groups) : await givePlaces(db, elected, batch)
    if (given === undefined) {
      for (const group of groups) group.settle('elsewhere')
      return lose()
    }
    // what an earlier round could not save is signed again
    await saved()
    const all = groups.length > 0 || given.length < batch
    if (!all) wanted = true
    // what got its place just now is all that is not signed, unless an earlier round could not sign
    let fresh = given[0]?.place === signed + 1 ? given : undefined
    for (;;) {
      await saved()
      const entries = fresh ?? (await readPlaced(atOnce(db), signed + 1, batch))
      const nothingElse = all && fresh !== undefined
      fresh = undefined
      if (entries.length === 0) break
      const hole = entries.findIndex((e, i) => e.place !== signed + 1 + i)
      if (hole >= 0) throw new Error(`there is no entry at place ${signed + 1 + hole}: somebody changed the ledger's table`)
      const answer = await keeper.ask('append', ...appending(signed + 1, elected, entries))
      if (!answer.ok) {
        if (answer.error.code === 'ledger.not_elected') {
          for (const group of groups) group.settle('inserted')
          return lose()
        }
        if (answer.error.code === 'ledger.gap' || answer.error.code === 'keeper.unreachable') signed = await signedSize(keeper, signed)
        throw new Error(answer.error.message)
      }
      save(answer.value.note, answer.value.size)
      for (const forged of answer.value.forged) log(`ALARM: ledger entry ${forged.id} at place ${forged.place}: ${forged.why}`)
      if (nothingElse) break
    }
    for (const group of groups) group.settle('signed')
  }

  const round = async (): Promise<void> => {
    // without keys nothing is signed: another node may, and when ours are back we follow first
    if (!keeper.open) {
      epoch = undefined
      wanted = false
      brought.release()
      last = new Date()
      return
    }
    while ((wanted || brought.waiting) && !stopped) {
      if (epoch === undefined) {
        wanted = false
        brought.release()
        await follow()
        epoch = await db.transaction().execute((tx) => takeEpoch(tx, node, first))
        first = false
        beaten = Date.now()
        if (epoch !== undefined) wanted = true
      } else {
        const groups = brought.take()
        if (groups.length > 0)
          await sequence(epoch, groups).catch((error: unknown) => {
            for (const group of groups) group.fail(error)
            throw error
          })
        if (wanted && epoch !== undefined) {
          wanted = false
          await sequence(epoch)
        }
        // only a round that came to its end says that we are there: one whose keeper does not sign lets another node take over
        if (epoch !== undefined && Date.now() - beaten >= beatEveryMs) {
          if (!(await db.transaction().execute((tx) => beat(tx, epoch ?? 0)))) lose()
          beaten = Date.now()
        }
        last = new Date()
      }
    }
    await saved()
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
    run()
  }
  const run = (): void => {
    if (stopped || running) return
    running = round()
      .then(() => {
        complained = ''
      })
      .catch(complain)
      .finally(() => {
        running = undefined
        // what arrived while the round ended; not at once after an error, the timer comes round
        if ((wanted || brought.waiting) && last && Date.now() - last.getTime() < 1_000) run()
      })
  }

  // the net under the notifications: nothing waits longer than this
  const timer = setInterval(kick, deps.everyMs ?? 500)
  kick()
  return {
    kick,
    bring(entries) {
      if (epoch === undefined || !keeper.open || stopped || entries.length > batch) return undefined
      const settled = brought.push(entries)
      run()
      return settled
    },
    lastRound: () => last,
    leads: () => epoch !== undefined,
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
      brought.release()
      if (epoch !== undefined)
        await db
          .transaction()
          .execute((tx) => leaveEpoch(tx, epoch ?? 0))
          .catch(() => undefined)
    },
  }
}

/** What the keeper is asked, and what goes along: the entries as they are. */
export const appending = (first: number, epoch: number, entries: readonly WaitingEntry[]) =>
  [
    {
      ...{ first, epoch, ids: entries.map(({ id }) => id).join(' '), origins: entries.map(({ origin }) => origin) },
      ...{ bytes: entries.map(({ bytes }) => bytes.length), tags: entries.map(({ tag }) => tag.length) },
    },
    new Secret(Buffer.concat(entries.flatMap(({ bytes, tag }) => [bytes, tag]))),
  ] as const

async function signedSize(keeper: Keeper, otherwise = 0): Promise<number> {
  const status = await keeper.ask('status', {})
  return status.ok ? status.value.size : otherwise
}

async function anchor(file: string, note: string): Promise<void> {
  const handle = await open(file, 'a', 0o644)
  try {
    await handle.appendFile(`${note}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
