import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { startOrdersDb } from '../../../../../lab/orders-db/index.ts'
import type { World } from '../../../keeper/test/world.ts'
import type { AccountId } from '../../../kernel/id.ts'
import { Secret } from '../../../kernel/secret.ts'
import { freePort } from '../../../platform/postgres-server/free-port.fixture.ts'
import type { OpenTarget } from '../../../targets/contract.ts'
import { must } from '../../identity/test/house.ts'
import { addTarget } from '../../inventory/add-target.ts'
import type { Kinds } from '../../inventory/index.ts'

export interface Orders {
  open: OpenTarget
  identity: Record<string, string>
  /** By name. */
  accounts: Record<string, AccountId>
  stop(): Promise<void>
}

/** A real PostgreSQL below `folder`, known to the world as the target `orders`. `uid` is who runs it where root runs the tests. */
export async function openOrders(
  world: World,
  kinds: Kinds,
  { folder, uid, environment, tier }: { folder: string; uid: number; environment: 'lab' | 'production'; tier: 0 | 1 },
): Promise<Orders> {
  chmodSync(folder, 0o711)
  const { stop, settings, identity, accounts } = must(
    await startOrdersDb({
      folder: join(folder, 'orders'),
      port: await freePort(),
      ...(process.getuid?.() === 0 && { uid, gid: uid }),
      log: () => undefined,
      binaries: join(folder, 'bin'),
    }),
  )
  const secret = accounts.find((a) => a.name === 'postgres')?.password ?? new Secret(new Uint8Array())
  const target = must(
    await addTarget({ audit: world.audit, keeper: world.keeper, kinds }, null, world.setup, {
      ...{ name: 'orders', kind: 'postgres', settings, identity: { ...identity }, environment, tier },
      login: { account: 'postgres', kind: 'password', secret: secret as never },
    }),
  )
  const rows = await world.sql('select id, name from account where target_id = $1', [target.id])
  return {
    open: must(kinds.open('postgres', settings)),
    identity: { ...identity },
    accounts: Object.fromEntries(rows.map((r) => [r.name, r.id])),
    stop,
  }
}
