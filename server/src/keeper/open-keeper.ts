import type pg from 'pg'
import type { KeeperContext } from './context.ts'
import { type Seats, usualSeats } from './contract.ts'
import { createEntitle, type Entitle } from './decide/entitlement.ts'
import { createPolicies } from './decide/policies.ts'
import { createReadings } from './decide/readings.ts'
import { createFactReader } from './facts/fact-reader.ts'
import { keepFacts } from './facts/keep-facts.ts'
import { keeperKeys } from './keys.ts'
import { adoptCheckpoint } from './ledger/adopt-checkpoint.ts'
import { createCompare } from './ledger/compare.ts'
import { createFollow } from './ledger/follow.ts'
import { readEntries } from './ledger/ledger.store.ts'
import { Notary } from './ledger/notary.ts'
import { createOwnEntries } from './own-entries.ts'
import { marksOf } from './passwords/marks.ts'
import { createPasswordPolicies } from './passwords/policies.ts'
import { createEnrolments } from './people/enrolments.ts'
import { createFactors } from './people/factors.ts'
import { createPasskeyChallenges } from './people/passkey-challenges.ts'
import { createPasskeys, type PasskeySite } from './people/passkeys.ts'
import { createPresences } from './people/presence.ts'
import { createProve } from './people/prove.ts'
import type { Setup } from './people/setup.ts'
import { createTickets, forConnections, forReads } from './people/tickets.ts'
import type { OpenedRecord } from './seal/installation-state.ts'
import { createBackups } from './state/backups.ts'
import type { KeeperFolder } from './state/folder.ts'
import { openIdentity } from './state/identity.ts'
import { beginAfterRestore } from './state/restored.ts'
import { createActivationDoors } from './vault/activation-doors.ts'
import { openDerivation } from './vault/derivation.ts'
import { createDestroyed } from './vault/destroyed.ts'
import { createDestroyedRecording } from './vault/destroyed-recording.ts'
import { createKeptCandidates } from './vault/kept-candidates.ts'
import { openLocationKeys } from './vault/location-keys.ts'
import { createOpenedForActivation } from './vault/opened-for-activation.ts'
import { createOpenedForWords } from './vault/opened-for-words.ts'
import { createRewrap } from './vault/rewrap/rewrap.ts'
import { createSealedVersions } from './vault/sealed-versions.ts'
import { createShowings } from './vault/showings.ts'
import { ensureSshAuthority } from './vault/ssh-authority.ts'
import { ensureSystemKeys } from './vault/system-keys.ts'
import { ensureTlsAuthority } from './vault/tls-authority.ts'
import { promoteKept } from './vault/vault.store.ts'
import { createVault } from './vault/vault.ts'
import { createVersionPolicy } from './vault/version-policy.ts'

export interface OpenedKeeper {
  openedAt: Date
  context: KeeperContext
  entitle: Entitle
  policies: ReturnType<typeof createPolicies>
  /** Forgets every key. What still runs afterwards fails. */
  wipe(): void
}

/**
 * The keeper's parts, joined, once the root key is there: keys unwrapped, the ledger replayed and compared, the escrow put back. The root key is
 * the caller's, who wipes it: nothing here keeps it.
 */
export async function openKeeper(options: {
  pool: pg.Pool
  folder: KeeperFolder
  root: Uint8Array
  record: OpenedRecord
  setup: Setup
  /** Recipients of scheduled backups. */
  backupsTo: readonly string[]
  log: (line: string) => void
  now: () => Date
  /** For how long sealed credentials that programs read are kept. */
  readCacheMs?: number
  /** Addresses from which certificates for logins on targets are good. */
  sshSources?: readonly string[]
  seats?: Seats
  /** Where passkeys may be asked for; none: nowhere. */
  passkeySite?: PasskeySite | undefined
}): Promise<OpenedKeeper> {
  const wipes: (() => void)[] = [options.record.installation.wipe]
  try {
    return await joinParts(options, wipes)
  } catch (error) {
    for (const wipe of wipes) wipe()
    throw error
  }
}

async function joinParts(options: Parameters<typeof openKeeper>[0], wipes: (() => void)[]): Promise<OpenedKeeper> {
  const { pool, folder, root, setup, log, now } = options
  const { installation, repaired } = options.record
  const changed: [string, string][] = repaired === undefined ? [] : [['installation', repaired]]
  const locationKeys = await openLocationKeys(pool, folder, root, installation, (id, why) => changed.push([id, why]))
  wipes.push(locationKeys.wipe)
  const identity = openIdentity(installation, root)
  const derivation = openDerivation(installation.facts, root, locationKeys)
  const keys = keeperKeys(derivation)
  derivation.fill(0)
  wipes.push(identity.wipe, keys.wipe)
  const own = createOwnEntries(pool, keys, now, log)
  const { alarm } = own
  const alarmLater = (kind: string, id: string, why: string): void => {
    alarm(kind, id, why).catch((error: unknown) => log(`an alarm could not be written: ${String(error)}`))
  }
  const vault = createVault({
    ...{ pool, keys: locationKeys, folder, now, alarm: alarmLater },
    destroyed: (account) => destroyed(account),
    destroyedRecording: (recording) => destroyedRecording(recording),
    marksOf: (what, secret, line, madeWith) => marksOf(keys, what, secret, line, madeWith),
  })

  const rewrap = createRewrap({ pool, folder, installation, keys: locationKeys, prepareNote: own.prepareNote, alarm: alarmLater, log })
  const candidates = createKeptCandidates(now)
  const activationDoors = createActivationDoors(now)
  const openedForActivation = createOpenedForActivation(now)
  const openedForWords = createOpenedForWords(now)
  wipes.push(rewrap.stop, candidates.wipe, activationDoors.wipe, openedForActivation.wipe, openedForWords.wipe)

  const adopted = await adoptCheckpoint(pool, folder, identity.signer.publicKey)
  const notary = new Notary({ folder, identity, keys, now })
  const facts = createFactReader({ pool, keys, notary, alarm })
  const destroyed = createDestroyed(() => ({ facts, notary }))
  const destroyedRecording = createDestroyedRecording(() => ({ facts, notary }))
  const replayed = await notary.replay(readEntries(pool, 1))
  const divergence = !adopted.ok ? adopted.error : replayed.ok ? undefined : replayed.error
  if (divergence) log(`ALARM: ${divergence}`)
  // the ledger remembers it even where an old record was put back, and where another node closed the first run
  const closeSetup = async (): Promise<void> => {
    if (notary.setupFinished && installation.facts.setupOpen) await installation.change({ setupOpen: false })
  }
  await closeSetup()
  await ensureSystemKeys(vault)
  await ensureTlsAuthority(vault, now())
  await ensureSshAuthority(vault)
  const restored = await vault.restoreFromEscrow()
  if (restored > 0) log(`${restored} credentials were put back from the escrow as candidates`)

  const kept = await promoteKept(pool)
  if (kept > 0) log(`${kept} credentials that were brought in are current again`)

  const challenges = createPasskeyChallenges({ keys, epoch: () => identity.epoch, openedAt: now(), now })
  const factors = createFactors({ pool, facts, vault, now })
  const passkeys = createPasskeys({ pool, facts, challenges, site: options.passkeySite, alarm, now })
  const ticketing = { pool, keys, facts, epoch: () => identity.epoch, now }
  const context: KeeperContext = {
    pool,
    folder,
    installation,
    identity,
    keys,
    notary,
    follow: createFollow({
      ...{ pool, notary, identity, alarm },
      divergence: () => context.divergence,
      diverged(why) {
        if (why !== undefined) log(`ALARM: ${why}`)
        context.divergence = why
        context.acknowledged.clear()
      },
      followed: closeSetup,
    }),
    compare: createCompare({ notary, identity, now }),
    facts,
    vault,
    locationKeys,
    rewrap,
    now,
    alarm,
    note: own.note,
    prepareNote: own.prepareNote,
    divergence,
    factors,
    passkeys,
    prove: createProve({ factors, passkeys }),
    presences: createPresences({ keys, epoch: () => identity.epoch, now }),
    enrolments: createEnrolments({ pool, keys, facts, vault, now }),
    showings: createShowings(now),
    usedLinks: createShowings(now),
    candidates,
    activationDoors,
    openedForActivation,
    openedForWords,
    backups: createBackups(options.backupsTo),
    tickets: createTickets(ticketing, forConnections),
    readTickets: createTickets(ticketing, forReads),
    readings: createReadings(() => context),
    sealedVersions: createSealedVersions(pool, options.readCacheMs ?? 0),
    sshSources: options.sshSources ?? [],
    seats: options.seats ?? usualSeats,
    openedAt: now(),
    grants: keepFacts('access_grant', () => ({ facts, notary })),
    destroyed,
    destroyedRecording,
    versionPolicy: createVersionPolicy(() => context),
    passwordPolicies: createPasswordPolicies(() => context),
    setup,
    acknowledged: new Set(),
  }
  await beginAfterRestore({ folder, identity, verifierKey: notary.verifierKey, own, now })
  if (divergence) await alarm('ledger', 'replay', divergence)
  for (const [id, why] of changed) await alarm('seal', id, why)
  if (adopted.ok && adopted.value) await own.note('seal.adopted', { size: adopted.value.size, root: adopted.value.root.toString('base64') })
  // what other nodes signed while we were away
  await context.follow.inTurn(() => context.follow.catchUp())
  rewrap.resume()
  const policies = createPolicies(() => context)
  return {
    openedAt: now(),
    context,
    policies,
    entitle: createEntitle(() => context, policies),
    wipe() {
      for (const wipe of wipes) wipe()
    },
  }
}
