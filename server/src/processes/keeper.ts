import { startKeeper } from '../keeper/life.ts'
import { serveKeeper } from '../keeper/server.ts'
import { openFolder } from '../keeper/state/folder.ts'
import { keepTime } from '../keeper/state/known-time.ts'
import { createSteadyClock } from '../kernel/steady-clock.ts'
import { openPool } from '../platform/db/open-db.ts'
import { openLog } from '../platform/log/log.ts'
import { askToBeReplaced, readPartConfig, runPart } from '../platform/process/part.ts'
import { hsmPlace } from './hsm-place.ts'
import type { KeeperConfig } from './part-config.ts'
import { sealClosed } from './seal-closed.ts'

/** The process that holds the keys, while its seal is open. No network listener: a Unix socket, and the database. */
const config = await readPartConfig<KeeperConfig>()
await runPart('keeper', async () => {
  const logger = openLog('keeper', config.logLevel)
  const log = (line: string) => logger.warn(line)
  const pool = openPool(config.database, 6)
  const clock = createSteadyClock()
  const time = keepTime(openFolder(config.folder), clock, log)
  const { now, believed } = clock
  const hsm = config.hsm && hsmPlace(config.hsm)
  const { backupsTo, kms, readCacheMs, sshSources, seats, passkeySite } = config
  const options = { backupsTo, hsm, kms, readCacheMs, sshSources, seats, passkeySite, ...config.seal }
  const life = await startKeeper({ pool, folder: config.folder, log, now, believed, ...options })
  // what passed through it while its seal was open, and what Node copied of that, ends with this process
  let closing = false
  life.onChange((state) => {
    if (state === 'closing') closing = true
    else if (closing && state === 'sealed') {
      life.leave()
      askToBeReplaced(sealClosed)
    }
  })
  const { socket, roleTokens, hostToken } = config
  const server = await serveKeeper(socket, { life, roleTokens, hostToken, log })
  const { state, waiting } = await life.status()
  return {
    message: {
      setupToken: life.setup.token ?? null,
      divergence: life.opened?.context.divergence ?? null,
      seal: state,
      waiting: waiting ?? null,
    },
    async stop() {
      server.close()
      await pool.end()
      life.end()
      time.stop()
    },
  }
})
