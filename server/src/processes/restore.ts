import { chownSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { type Config, readConfig } from '../config.ts'
import { devFile } from '../keeper/seal/kinds/dev.facts.ts'
import { fail, ok, type Result } from '../kernel/result.ts'
import { readIdentities } from '../platform/crypto/age-stream.ts'
import { folderFor, group, isRoot, users } from '../platform/process/identity.ts'
import { isEmptyFolder, openEmptyDatabase } from './backup/empty-database.ts'
import { readKeptNotes } from './backup/outside-checkpoints.ts'
import { type Checked, restoreBackup } from './backup/restore-backup.ts'
import { readSurviving, type Surviving } from './backup/surviving-folder.ts'
import { claimDataFolder, restoringFile } from './run-folder.ts'
import { say } from './say.ts'

export interface RestoreOptions {
  file: string
  identity: string
  escrow: readonly string[]
  checkpoint: string | undefined
  key: string | undefined
  sealKey: string | undefined
  json: boolean
}

const root = resolve(import.meta.dirname, '..', '..', '..')
const migrations = join(import.meta.dirname, '..', 'migrations')

/** `claviger restore`: puts a backup into an empty data folder (or an empty DATABASE_URL), and says what it is worth. Leaves nothing when it refuses. */
export async function runRestore(options: RestoreOptions): Promise<void> {
  const config = readConfig(process.env, { lab: false, root })
  const given = config.ok ? readGiven(options) : config
  if (!config.ok || !given.ok) return leave(given.ok ? '' : given.error)
  const { data, recordings } = config.value
  if (!isEmptyFolder(data))
    return leave(
      `${data} is not empty, so nothing was touched. Restore into an empty folder: set CLAVIGER_DATA, or move what is there away.`,
    )
  const claimed = claimDataFolder(data)
  if (!claimed.ok) return leave(claimed.error)
  // whoever starts a server on what a killed restore left is told
  writeFileSync(join(data, restoringFile), '')
  const keeper = folderFor(join(data, 'keeper'), 'keeper', 0o700)
  folderFor(recordings, 'gateway', 0o750)
  const where = { data, external: config.value.database, migrations, log: complaints }
  const database = await openEmptyDatabase(where)
  const restored = database.ok
    ? await restoreBackup(
        { ...given.value.plan, database: database.value.owner, migrations, progress: (what) => options.json || say.step(what) },
        { ...given.value.to, keeper, recordings, now: new Date() },
      ).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)))
    : database
  if (database.ok) await database.value.stop()
  claimed.value.release()
  if (!restored.ok) {
    for (const name of readdirSync(data)) rmSync(join(data, name), { recursive: true, force: true })
    return leave(`${restored.error}\n  Nothing was kept.`)
  }
  handOver(keeper, 'keeper')
  handOver(recordings, 'gateway')
  rmSync(join(data, restoringFile))
  tell(config.value, options, restored.value)
}

/** What was named on the command line, read and looked at before anything is made. */
function readGiven(options: RestoreOptions): Result<Given, string> {
  try {
    const identities = readIdentities(readFileSync(options.identity, 'utf8'))
    if (!identities) return fail(`${options.identity} holds no age identity (AGE-SECRET-KEY-1…, a line each).`)
    const kept = options.checkpoint === undefined ? [] : readKeptNotes(readFileSync(options.checkpoint, 'utf8'))
    if (options.checkpoint !== undefined && kept.length === 0) return fail(`${options.checkpoint} holds no checkpoint.`)
    if (!existsSync(options.file)) return fail(`${options.file} is not there.`)
    const surviving = options.escrow.map(readSurviving)
    const devKey = options.sealKey === undefined ? undefined : { name: keyName(options.sealKey), bytes: readFileSync(options.sealKey) }
    if (devKey && devKey.bytes.length !== 32) return fail(`${options.sealKey} is no key file of the seal "dev" (32 bytes).`)
    return ok({ plan: { file: options.file, identities, verifierKey: options.key, kept }, to: { surviving, devKey } })
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

interface Given {
  plan: { file: string; identities: readonly string[]; verifierKey: string | undefined; kept: ReturnType<typeof readKeptNotes> }
  to: { surviving: readonly Surviving[]; devKey: { name: string; bytes: Buffer } | undefined }
}

const keyName = (file: string): string => (devFile.test(basename(file)) ? basename(file) : 'dev-root.key')

function handOver(folder: string, part: 'keeper' | 'gateway'): void {
  if (isRoot()) for (const name of readdirSync(folder)) chownSync(join(folder, name), users[part], group)
}

/** What a database says while it starts and ends is no news here. */
const complaints = (line: string): void => {
  if (/^(FATAL|PANIC|ERROR)/.test(line) && !/terminating connection|shutting down/.test(line)) say.warn(line)
}

function tell({ data }: Config, { json }: RestoreOptions, { read, ledger }: Checked): void {
  const { id, at, log, verifierKey } = read.head
  const { size, anchoredTo, newer } = ledger
  const missing = newer ? { from: size + 1, to: newer.checkpoint.size, seenAt: newer.checkpoint.time } : null
  if (json) {
    const answer = {
      version: 1,
      restored: { backup: id, takenAt: at, log, verifierKey, entries: size, anchored: anchoredTo > 0, anchoredTo, missing },
    }
    console.log(JSON.stringify(answer))
    return
  }
  say.done(`Restored the backup ${id} of ${at}, ${size} entries of the ledger, into ${data}.`)
  say.key('ledger', log)
  say.key('signed by', verifierKey)
  if (anchoredTo > 0) say.done(`An outside checkpoint vouches for the first ${anchoredTo} entries.`)
  else
    say.warn(
      'unanchored: no outside checkpoint was compared, so an older or rewritten history would not be seen. Compare the key above with the one that you wrote down, and the ledger with whatever checkpoint is found later: claviger audit verify --checkpoint FILE',
    )
  if (missing)
    say.warn(
      `Entries ${missing.from} to ${missing.to} are missing: the outside checkpoint of ${missing.seenAt} saw them. Nothing opens until two members of security took note: claviger audit acknowledge`,
    )
  say.line('  Start it: claviger server. A new epoch begins: sign-ins, tickets, requests and grants of before are void, and credentials')
  say.line('  that only the escrow knows are tried on their targets. Custodians open the seal as before.')
}

function leave(why: string): void {
  say.fail(why)
  process.exitCode = 1
}
