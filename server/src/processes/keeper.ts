import { openKeeper } from '../keeper/open-keeper.ts'
import { serveKeeper } from '../keeper/server.ts'
import { openPool } from '../platform/db/open-db.ts'
import { openLog } from '../platform/log/log.ts'
import { readPartConfig, runPart } from '../platform/process/part.ts'
import type { KeeperConfig } from './part-config.ts'

/** The process that holds the keys. No network listener: a Unix socket, and the database. */
const config = await readPartConfig<KeeperConfig>()
await runPart('keeper', async () => {
  const log = openLog('keeper', config.logLevel)
  const pool = openPool(config.database, 6)
  const keeper = await openKeeper({ pool, folder: config.folder, log: (line) => log.warn(line) })
  const server = await serveKeeper(config.socket, { ...keeper, roleTokens: config.roleTokens, log: (line) => log.warn(line) })
  const { setup, divergence } = { setup: keeper.context.setup.token, divergence: keeper.context.divergence }
  return {
    message: { setupToken: setup ?? null, divergence: divergence ?? null },
    async stop() {
      server.close()
      await pool.end()
    },
  }
})
