import { call, inventory } from '@claviger/api'
import { createDialer } from '../../server/src/platform/dialer/index.ts'
import type { Credential, Login, OpenTarget } from '../../server/src/targets/contract.ts'
import type { KindHarness, RunningTarget } from '../../server/src/targets/test/harness.ts'
import type { Claviger } from './claviger.ts'
import { must, withCode } from './person.ts'
import { until } from './until.ts'
import { accounts } from './work.ts'

/** A target of the test's own, known to a server, with accounts that only its vault opens. */
export interface OwnTarget {
  id: string
  /** Made on the target, found, and taken over. */
  account(name: string): Promise<inventory.Account>
  /** What the target itself says to a login: null, or the code of its refusal. */
  says(login: Login): Promise<string | null>
}

const bytesOf = ({ secret }: Credential) => secret.use('recognise', (bytes) => Buffer.from(bytes).toString('utf8'))

/** A kind's own client, past the product. */
export function openTarget({ kind }: KindHarness, server: RunningTarget): OpenTarget {
  const opened = kind.open(server.settings, createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true }))
  if (!opened.ok) throw new Error(opened.error.code)
  return opened.value
}

/** Adds a running target as an administrator does: tier 2, in the lab, unless `as` says otherwise. */
export async function addTarget(
  claviger: Claviger,
  harness: KindHarness,
  server: RunningTarget,
  as: { name: string; tier?: number; environment?: inventory.Target['environment']; scopes?: inventory.Target['scopes'] },
): Promise<OwnTarget> {
  const carol = await claviger.person('carol')
  const { account, credential } = server.manager()
  const target = await withCode(carol.code, async (code) =>
    call(carol.api, inventory.addTarget, {
      body: {
        ...{ name: as.name, kind: harness.kind.name, environment: as.environment ?? 'lab', tier: as.tier ?? 2, scopes: as.scopes ?? [] },
        ...{ settings: server.settings as Record<string, string | number | boolean>, identity: { ...server.identity } },
        login: { account, kind: credential.kind, secret: await bytesOf(credential) },
        code,
      },
    }),
  )
  const open = openTarget(harness, server)
  return {
    id: target.id,
    async account(name) {
      await server.addAccount(name, server.fresh()())
      must(await call(carol.api, inventory.discoverTarget, { params: { id: target.id } }))
      const mine = async () => (await accounts(claviger)).find((a) => a.name === name && a.target.id === target.id)
      const found = await mine()
      if (!found) throw new Error(`${name} was not found on ${as.name}`)
      must(await call(carol.api, inventory.rotateAccount, { params: { id: found.id }, body: { reason: 'a journey' } }))
      return await until(`${name}@${as.name} to be taken over`, async () => {
        const now = await mine()
        return now?.state === 'managed' && now
      })
    },
    async says(login) {
      const answer = await open.verify(server.identity, login)
      return answer.ok ? null : answer.error.code
    },
  }
}
