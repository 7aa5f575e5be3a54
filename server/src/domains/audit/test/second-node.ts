import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { connectKeeper } from '../../../keeper/client.ts'
import { startKeeper } from '../../../keeper/life.ts'
import { serveKeeper } from '../../../keeper/server.ts'
import { sha256 } from '../../../platform/crypto/hash.ts'
import { listen } from '../../../platform/db/listen.ts'
import { openDb, openPool } from '../../../platform/db/open-db.ts'
import type { House } from '../../identity/test/house.ts'
import { createActs, startSequencer } from '../index.ts'

let nodes = 0

/** Another server on the database of a house: a keeper of its own with the same keys and nothing else of the first one's folder, a sequencer, a pool. */
export async function secondNode(house: House, options: { everyMs?: number; name?: string } = {}) {
  const name = options.name ?? `second-${++nodes}`
  const base = join(house.database.folder, name)
  const folder = join(base, 'keeper')
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true })
    // as custodians bring the same shares to both: the rest is in the database, under this key
    copyFileSync(house.inside.context.folder.path('dev-root.key'), join(folder, 'dev-root.key'))
  }
  const said: string[] = []
  const keeperPool = openPool(house.database.connection('keeper'), 4)
  const life = await startKeeper({ pool: keeperPool, folder, log: (line) => said.push(line), now: house.clock.now })
  const inside = life.opened
  if (!inside) throw new Error('the seal "dev" did not open')
  const token = (role: string) => `${name} ${role}`
  const roleTokens = { supervisor: '', api: '', gateway: '' }
  for (const role of ['supervisor', 'api', 'gateway'] as const) roleTokens[role] = sha256(token(role)).toString('hex')
  const path = join(base, 'keeper.sock')
  const server = await serveKeeper(path, { life, roleTokens, log: (line) => said.push(line) })
  const keeper = await connectKeeper({ path, role: 'api', token: token('api') })
  const pool = openPool(house.database.connection('server'), 6)
  const db = openDb(pool)
  const anchorFile = join(base, 'anchor')
  const node = `nod_${sha256(name).toString('hex').slice(0, 10)}`
  const sequencer = await startSequencer({ db, keeper, node, anchorFile, log: (line) => said.push(line), everyMs: options.everyMs ?? 50 })
  const listening = await listen(house.database.connection('server'), { ledger_arrived: sequencer.kick, ledger_signed: sequencer.kick })
  return {
    ...{ keeper, inside, sequencer, said, db, node, folder, anchorFile },
    audit: createActs({ db, keeper, now: house.clock.now, arrived: sequencer.kick, bring: sequencer.bring }),
    async close() {
      await listening.close()
      await sequencer.stop()
      await keeper.close()
      await new Promise((resolve) => server.close(resolve))
      await Promise.all([pool.end(), keeperPool.end()])
    },
  }
}
