import { access, call, inventory } from '@claviger/api'
import { mysqlHarness } from '../../server/src/targets/mysql/test/harness.ts'
import { must, type Person, withCode } from '../support/person.ts'
import { until } from '../support/until.ts'
import type { Where } from './console-sql-desk.ts'

/** A MariaDB beside the lab's targets, with an account that is taken over and a grant of alice's. */
export interface Shop {
  where: Where
  stop(): Promise<void>
}

export async function openShop({ alice, carol }: { alice: Person; carol: Person }): Promise<Shop> {
  const mariadb = await mysqlHarness.start()
  const stop = () => mariadb.stop()
  try {
    const manager = mariadb.manager()
    const secret = await manager.credential.secret.use('recognise', (bytes) => Buffer.from(bytes).toString())
    await mariadb.addAccount('ops', mariadb.fresh()())
    const target = await withCode(carol.code, (code) =>
      call(carol.api, inventory.addTarget, {
        body: {
          ...{ name: 'shop-db', kind: 'mysql', environment: 'lab', tier: 2, code },
          ...{ settings: mariadb.settings as Record<string, string>, identity: mariadb.identity as Record<string, string> },
          login: { account: manager.account, kind: 'password', secret },
        },
      }),
    )
    const { accounts } = must(await call(carol.api, inventory.discoverTarget, { params: { id: target.id } }))
    for (const one of accounts.filter((a) => a.name === 'ops'))
      must(await call(carol.api, inventory.rotateAccount, { params: { id: one.id }, body: { reason: 'a journey' } }))
    // in the lab's environment nobody has to approve tier 2
    const asked = await until('the account to be taken over', async () => {
      const filed = await call(alice.api, access.fileRequest, { body: { account: 'ops@shop-db', duration: '30m', reason: 'a journey' } })
      return filed.ok && filed.value.grant ? filed.value : undefined
    })
    const where: Where = {
      ...{ at: 'ops@shop-db', door: 'mysql', database: 'information_schema' },
      ...{ request: asked.id, grant: asked.grant?.id ?? '' },
    }
    return { where, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
