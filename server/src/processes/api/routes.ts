import { accessRoutes, voidEarlierEpochs, voidOnTarget } from '../../domains/access/index.ts'
import { auditRoutes } from '../../domains/audit/index.ts'
import { type Backups, backupRoutes } from '../../domains/backup/index.ts'
import { breakglassRoutes, drillDuty } from '../../domains/breakglass/index.ts'
import { type Controls, controlRoutes } from '../../domains/controls/index.ts'
import { dependentRoutes } from '../../domains/dependents/index.ts'
import { explainIdentity, identityRoutes, namesOfPeople } from '../../domains/identity/index.ts'
import { inventoryRoutes, namesInInventory } from '../../domains/inventory/index.ts'
import { onboardingRoutes } from '../../domains/onboarding/index.ts'
import { retentionRoutes } from '../../domains/retention/index.ts'
import { recoverCandidates, rotationRoutes, rotationTrouble } from '../../domains/rotation/index.ts'
import {
  askRoutes,
  type createWatching,
  linkRoutes,
  liveRoutes,
  placeOfGrant,
  renewRoutes,
  searchRoutes,
  sessionRoutes,
  unprovenRoutes,
  webRoutes,
} from '../../domains/session/index.ts'
import { vaultRoutes } from '../../domains/vault/index.ts'
import { connectWebDoor } from '../../gateways/web/index.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail } from '../../kernel/result.ts'
import { openMysqlConsole, openPostgresConsole } from '../../platform/sql-console/index.ts'
import { targetKinds } from '../../targets/registry.ts'
import { ceremonyRoutes } from '../ceremony.routes.ts'
import { sealRoutes } from '../seal.routes.ts'
import type { Ground, Running } from './ground.ts'
import { asKeeperRefusal, type UseCases } from './use-cases.ts'

/** What runs beside, and is asked by routes. */
interface Answering {
  controls: Controls
  watchers: ReturnType<typeof createWatching>
  backups: Backups
}

/** Everything that the API answers. */
export function apiRoutes(ground: Ground, useCases: UseCases, running: Running, { controls, watchers, backups }: Answering) {
  const { config, db, keeper, audit, index, bucket, log } = ground
  const { identity, common, access, rotation, dependents, kits } = useCases
  const { now } = common
  const wireOf = (kind: string) => targetKinds.find(({ name }) => name === kind)?.wire
  const gateway = {
    ...config.ssh,
    get hostKey() {
      return running.hostKey
    },
  }
  return [
    ...sealRoutes({ keeper }),
    ...ceremonyRoutes({ keeper }),
    ...identityRoutes({ identity, gateway, lab: config.lab }),
    ...inventoryRoutes({
      ...common,
      whenTargetChanges: (act, target, why) =>
        voidOnTarget(access, act, target, why).then((r) => (r.ok ? r : fail(asKeeperRefusal(r.error)))),
    }),
    ...rotationRoutes(rotation),
    ...vaultRoutes({ ...common, goOn: () => running.replacing?.look() }),
    ...dependentRoutes(dependents),
    ...breakglassRoutes(kits),
    ...backupRoutes(backups),
    ...onboardingRoutes(common),
    ...controlRoutes({
      ...{ controls, db, node: config.node.id },
      duties: () => drillDuty(db, now(), config.kits.drillDays),
    }),
    ...accessRoutes({ ...access, rotationTrouble: (account) => db.transaction().execute((tx) => rotationTrouble(tx, account)) }),
    ...sessionRoutes({
      db,
      keeper,
      audit,
      ...{ index, now, console: config.console },
      recordings: config.recordings,
      bucket,
      doors: { ssh: config.ssh, postgres: config.postgres, mysql: config.mysql },
      sshSignIn: config.sshSignIn,
      seats: config.seats,
      doorTo: wireOf,
    }),
    ...unprovenRoutes({ ...{ db, keeper, audit, index, now }, ...{ recordings: config.recordings, bucket } }),
    ...searchRoutes({ db, keeper, audit, recordings: config.recordings, bucket }),
    ...retentionRoutes({ ...common, index, recordings: config.recordings }),
    ...renewRoutes({ ...access, db }),
    ...askRoutes({ db, audit, keeper, now }),
    ...linkRoutes({ db, audit, keeper, now }),
    ...liveRoutes({
      ...{ db, audit, keeper, now, watching: watchers },
      // where it cannot be known, nothing is shown either
      whoIs: (token) => identity.whoIs(token, true).then((who) => (who && 'http' in who ? undefined : who)),
    }),
    ...webRoutes({
      placeOf: (grant, person) => placeOfGrant(db, grant, person as PersonId),
      doorTo: wireOf,
      connect: (door, from) => connectWebDoor(config.webDoor, door, from),
      async ca() {
        const status = await keeper.ask('status', {})
        return status.ok && status.value.tlsCa !== '' ? status.value.tlsCa : undefined
      },
      openSql: { postgres: openPostgresConsole, mysql: openMysqlConsole },
      log,
    }),
    ...auditRoutes({
      ...{ db, keeper, audit, index, passkeysAt: identity.passkeysAt },
      namesOf: async (ids) => Object.fromEntries([...(await namesOfPeople(db, ids)), ...(await namesInInventory(db, ids))]),
      officer: (given) => identity.officerByPassword(given).then((r) => (r.ok ? r : fail(explainIdentity(r.error)))),
      async whenAcknowledged() {
        await voidEarlierEpochs(access)
        await recoverCandidates(common)
      },
    }),
  ]
}
