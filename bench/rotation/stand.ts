import { call, inventory, rotation } from '@claviger/api'
import { newId } from '../../server/src/platform/crypto/random.ts'
import type { Credential, TargetKind } from '../../server/src/targets/contract.ts'
import { inLanes } from '../../server/src/targets/linux-ssh/in-lanes.ts'
import type { RunningTarget } from '../../server/src/targets/test/harness.ts'
import { type Claviger, startClaviger } from '../../test/support/claviger.ts'
import { must, withCode } from '../../test/support/person.ts'
import { until } from '../../test/support/until.ts'
import { type Bare, newCredential } from './bare.ts'

export interface Stand {
  claviger: Claviger
  /** Adds a target with so many accounts that the vault takes over, and as many that it does not know. */
  add(
    name: string,
    kind: TargetKind,
    target: RunningTarget,
    credential: Bare['current']['kind'],
    n: number,
    how?: { bare: boolean; progress(done: number): void },
  ): Promise<OnTarget>
  close(): Promise<void>
}
export interface OnTarget {
  /** All that the vault has of it, once; answers when every one is done. */
  rotate(): Promise<void>
  bare: Bare[]
}

const textOf = (credential: Credential): Promise<string> => credential.secret.use('recognise', (bytes) => Buffer.from(bytes).toString())

const ofBatch = `select count(*) filter (where o.state = 'done') as done,
    count(*) filter (where o.state = 'held' or o.state = 'waiting' and o.failures > 0) as failing
  from rotation_batch_item i join rotation_order o on o.id = i.order_id where i.batch_id = $1`

/** The whole product as `npm start` runs it. */
export async function openStand(): Promise<Stand> {
  const claviger = await startClaviger({ lab: true, seconds: 4 * 3600 })
  return {
    claviger,
    close: () => claviger.stop(),
    async add(name, kind, target, credential, n, how = { bare: true, progress: () => undefined }) {
      const carol = await claviger.person('carol')
      const { account, credential: login } = target.manager()
      const secret = await textOf(login)
      const added = await withCode(carol.code, (code) =>
        call(carol.api, inventory.addTarget, {
          body: {
            ...{ name, kind: kind.name, environment: 'lab', tier: 2, code },
            ...{ settings: target.settings as never, identity: target.identity },
            login: { account, kind: login.kind, secret },
          },
        }),
      )
      const names = Array.from({ length: n }, (_, at) => `o${String(at).padStart(5, '0')}`)
      const bare: Bare[] = []
      await inLanes(8, names, async (vaulted) => {
        await target.addAccount(vaulted, newCredential(target, credential))
        if (!how.bare) return
        const current = newCredential(target, credential)
        bare.push({ name: vaulted.replace('o', 'b'), current: { ...current, secret: current.secret.copy() } })
        await target.addAccount(vaulted.replace('o', 'b'), current)
      })
      must(await call(carol.api, inventory.discoverTarget, { params: { id: added.id } }))
      const superuser = await claviger.superuser()
      const count = async (text: string) => Number((await superuser.sql<{ n: string }>(text, [added.id]))[0]?.n)
      // as many take-overs as there are accounts, without a person's word for each
      const found = await superuser.sql<{ id: string }>(`select id from account where target_id = $1 and name = any($2)`, [added.id, names])
      await superuser.sql(
        `insert into rotation_order (id, account_id, trigger, reason, ordered_at, due_at)
         select o, a, 'take-over', 'a bench', now(), now() from unnest($1::text[], $2::text[]) as n (o, a)`,
        [found.map(() => newId('ord')), found.map(({ id }) => id)],
      )
      const managed = `select count(*) as n from account where target_id = $1 and state = 'managed' and name like 'o%'`
      const over = async () => {
        const done = await count(managed)
        how.progress(done)
        return done === found.length
      }
      await until('all accounts to be taken over', over, Math.max(300, n / 5))
      await superuser.close()
      if (found.length !== n) throw new Error(`${found.length} of ${n} accounts were found`)
      return {
        bare,
        async rotate() {
          const choice = { by: 'accounts' as const, ids: found.map(({ id }) => id) as never }
          const batch = must(await call(carol.api, rotation.rotateMany, { body: { choice, reason: 'a bench', compromised: false } }))
          // asked of the database: whoever watches through the API costs as much as the rotations that are measured
          const watching = await claviger.superuser()
          try {
            for (;;) {
              const [now] = await watching.sql<{ done: string; failing: string }>(ofBatch, [batch.id])
              if (Number(now?.done) === n) return
              if (Number(now?.failing) > 0) throw new Error(`${now?.failing} rotations failed or are held`)
              // often only towards the end: each look takes of what is measured
              await new Promise((resolve) => setTimeout(resolve, Number(now?.done) < n * 0.8 ? 200 : 25))
            }
          } finally {
            await watching.close()
          }
        },
      }
    },
  }
}
