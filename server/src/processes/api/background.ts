import { startExpiry, voidEarlierEpochs } from '../../domains/access/index.ts'
import { keepActivations, keepKits, lookForLoginsElsewhere } from '../../domains/breakglass/index.ts'
import { runNews } from '../../domains/dependents/index.ts'
import { keepDiscovering } from '../../domains/inventory/index.ts'
import { keepWatching } from '../../domains/onboarding/index.ts'
import { startKeepingRecordings } from '../../domains/retention/index.ts'
import { orderAfterLogin, startRotations } from '../../domains/rotation/index.ts'
import { startIndexing } from '../../domains/session/index.ts'
import { startKeepingVersions, startSshRotation } from '../../domains/vault/index.ts'
import type { AccountId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import { settleForOthers } from '../settle-for-others.ts'
import type { Ground, Running } from './ground.ts'
import type { UseCases } from './use-cases.ts'

/** All that goes on without anybody asking, begun when the seal is opened; `close` ends it in order. */
export async function startBackground(ground: Ground, { common, access, rotation, dependents, kits }: UseCases, running: Running) {
  const { config, db, keeper, audit, jobs, bucket, log } = ground
  const { now } = common
  const status = await keeper.ask('status', {})
  // those of an epoch that began while we were away
  if (status.ok && status.value.state === 'ready') await voidEarlierEpochs(access)
  running.hostKey = status.ok ? status.value.gatewayKey : ''
  await audit.closeLooks()
  const forOthers = settleForOthers({ db, log }, { part: 'api', own: config.node.id }, audit.closeLooks)
  const begun = startExpiry({ ...access, log })
  running.expiry = begun
  const rotations = await startRotations({ ...rotation, jobs, log })
  const telling = runNews({ ...dependents, log })
  const logins = {
    audit,
    orderRotation: (...[tx, account, why]: [Tx, AccountId, string]) => orderAfterLogin(tx, account, why, now()),
  }
  const watch = keepWatching({ ...common, log, whenSeen: (target, seen, at) => lookForLoginsElsewhere(logins, target, seen, at) })
  running.rotating = { sinceLook: () => Math.max(rotations.sinceLook(), telling.sinceLook()), look: rotations.look }
  const discovering = keepDiscovering({ ...common, discoverMs: config.discoverMs, log })
  const versions = startKeepingVersions({ ...common, log })
  const sshRotation = startSshRotation({ ...common, log })
  running.replacing = sshRotation
  const recordings = startKeepingRecordings({ ...common, log })
  const keptKits = keepKits(kits)
  const activations = keepActivations(kits)
  const reading = startIndexing({ db, audit, keeper, recordings: config.recordings, bucket, log })
  running.words = reading
  return {
    async close() {
      delete running.expiry
      delete running.rotating
      delete running.replacing
      delete running.words
      forOthers.stop()
      await Promise.all([
        begun.stop(),
        rotations.stop(),
        telling.stop(),
        watch.stop(),
        discovering.stop(),
        versions.stop(),
        sshRotation.stop(),
        recordings.stop(),
        keptKits.stop(),
        activations.stop(),
        reading.stop(),
      ])
    },
  }
}
