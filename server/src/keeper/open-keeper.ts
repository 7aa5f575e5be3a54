import type pg from 'pg'
import { newId } from '../platform/crypto/random.ts'
import type { KeeperContext } from './context.ts'
import { createEntitle, type Entitle } from './decide/entitlement.ts'
import { createPolicies } from './decide/policies.ts'
import { createFactReader } from './facts/fact-reader.ts'
import { keeperKeys } from './keys.ts'
import { writeEntry } from './ledger/entry.ts'
import { insertEntry, readEntries } from './ledger/ledger.store.ts'
import { Notary } from './ledger/notary.ts'
import { createEnrolments } from './people/enrolments.ts'
import { createFactors } from './people/factors.ts'
import { createPresences } from './people/presence.ts'
import { openSetup } from './people/setup.ts'
import { createTickets } from './people/tickets.ts'
import { openFolder } from './state/folder.ts'
import { openIdentity } from './state/identity.ts'
import { devSeal } from './state/seal.ts'
import { openLocationKeys } from './vault/location-keys.ts'
import { ensureSystemKeys } from './vault/system-keys.ts'
import { createVault } from './vault/vault.ts'

export interface OpenedKeeper {
  context: KeeperContext
  entitle: Entitle
  policies: ReturnType<typeof createPolicies>
}

/** The keeper's parts, joined: keys from its folder, the ledger replayed and compared, the escrow put back. */
export async function openKeeper(options: {
  pool: pg.Pool
  folder: string
  log: (line: string) => void
  now?: () => Date
}): Promise<OpenedKeeper> {
  const { pool, log } = options
  const now = options.now ?? (() => new Date())
  const folder = openFolder(options.folder)
  const seal = devSeal(folder)
  const locationKeys = await openLocationKeys(pool, folder, seal)
  const identity = openIdentity(folder, seal)
  const keys = keeperKeys(locationKeys.system.key)
  const notary = new Notary({ folder, identity, keys, now })
  const alarm = createAlarm(pool, keys, now, log)
  const alarmLater = (kind: string, id: string, why: string): void => {
    alarm(kind, id, why).catch((error: unknown) => log(`an alarm could not be written: ${String(error)}`))
  }
  const vault = createVault({ pool, keys: locationKeys, folder, now, alarm: alarmLater })

  const replayed = await notary.replay(readEntries(pool, 1))
  const divergence = replayed.ok ? undefined : replayed.error
  if (divergence) log(`ALARM: ${divergence}`)
  await ensureSystemKeys(vault)
  const restored = await vault.restoreFromEscrow()
  if (restored > 0) log(`${restored} credentials were put back from the escrow as candidates`)

  const facts = createFactReader({ pool, keys, notary, alarm })
  const context: KeeperContext = {
    pool,
    folder,
    identity,
    keys,
    notary,
    facts,
    vault,
    now,
    alarm,
    divergence,
    factors: createFactors({ pool, facts, vault, now }),
    presences: createPresences({ keys, epoch: () => identity.epoch, now }),
    enrolments: createEnrolments({ pool, keys, facts, vault, now }),
    tickets: createTickets({ pool, keys, facts, epoch: () => identity.epoch, now }),
    setup: openSetup(folder),
    acknowledged: new Set(),
  }
  if (divergence) await alarm('ledger', 'replay', divergence)
  const policies = createPolicies(() => context)
  return { context, policies, entitle: createEntitle(() => context, policies) }
}

/** A policy can be a forged row like any other; the set of them is what may not load. */
const actOf = (kind: string, id: string): string => {
  if (kind.startsWith('ledger')) return 'alarm.ledger'
  return kind === 'keeper' || (kind === 'policy' && id === 'engine') ? `alarm.${kind}` : 'alarm.forged_row'
}

/** The keeper's own entries. The same alarm is written at most once a minute, so that an attacker cannot fill the ledger with it. */
function createAlarm(pool: pg.Pool, keys: KeeperContext['keys'], now: () => Date, log: (line: string) => void): KeeperContext['alarm'] {
  const lately = new Map<string, number>()
  return async (kind, id, why) => {
    const key = `${kind}/${id}/${why}`
    const at = now().getTime()
    if (at - (lately.get(key) ?? Number.NEGATIVE_INFINITY) < 60_000) return
    lately.set(key, at)
    const entryId = newId('ent')
    const entry = writeEntry({
      id: entryId,
      at: new Date(at),
      act: actOf(kind, id),
      phase: 'alarm',
      by: null,
      fields: { kind, subject: id, why },
      personal: {},
      attests: [],
      intent: null,
    })
    log(`ALARM: ${kind} ${id}: ${why}`)
    await insertEntry(pool, entryId, entry, 'keeper', keys.entryTag('keeper', entry.bytes))
  }
}
