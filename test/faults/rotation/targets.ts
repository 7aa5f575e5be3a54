import { call, inventory } from '@claviger/api'
import { Secret } from '../../../server/src/kernel/secret.ts'
import { createDialer } from '../../../server/src/platform/dialer/index.ts'
import { activeDirectoryHarness } from '../../../server/src/targets/active-directory/test/harness.ts'
import { linuxSshHarness } from '../../../server/src/targets/linux-ssh/test/harness.ts'
import { mysqlHarness } from '../../../server/src/targets/mysql/test/harness.ts'
import { openldapHarness } from '../../../server/src/targets/openldap/test/harness.ts'
import { postgresHarness } from '../../../server/src/targets/postgres/test/harness.ts'
import { redisHarness } from '../../../server/src/targets/redis/test/harness.ts'
import { targetKinds } from '../../../server/src/targets/registry.ts'
import type { KindHarness, RunningTarget } from '../../../server/src/targets/test/harness.ts'
import { openRoad, type Road } from '../../../server/src/targets/test/road.ts'
import type { Claviger } from '../../support/claviger.ts'
import { withCode } from '../../support/person.ts'
import type { VaultedCredential } from '../losses/vault.ts'

/** A real server whose accounts are rotated while things go wrong. */
export interface Struck {
  name: string
  kind: string
  /** The network between the server and it; undefined for the lab's own targets, which have none that could be cut. */
  road: Road | undefined
  /** Those that take part, the one that manages the target first. */
  accounts: inventory.Account[]
  /** A fresh login straight at it, past the road and the server. Answers why not; undefined when it lets in. */
  refusal(account: string, credential: Pick<VaultedCredential, 'kind' | 'text' | 'public'>): Promise<string | undefined>
}

/** A harness that runs, not yet known to Claviger. */
export interface Ready {
  name: string
  harness: KindHarness
  running: RunningTarget
  road: Road
}

const everyKind: readonly KindHarness[] = [
  linuxSshHarness,
  postgresHarness,
  mysqlHarness,
  redisHarness('aclfile'),
  openldapHarness('ldaps'),
  activeDirectoryHarness,
]
const few: readonly KindHarness[] = [mysqlHarness, redisHarness('aclfile')]
export const kindsOf = { quick: few, full: everyKind }
const names = ['ops1', 'ops2', 'ops3']

/** Starts a server of each kind behind a road of its own, with accounts whose credentials only the test knows so far. */
export async function startServers(harnesses: readonly KindHarness[]): Promise<{ ready: Ready[]; stop(): Promise<void> }> {
  const ready: Ready[] = []
  const stop = async () => {
    for (const { road, running } of ready.toReversed()) {
      await road.close()
      await running.stop()
    }
  }
  try {
    for (const harness of harnesses) {
      const running = await harness.start()
      ready.push({ name: `the-${harness.kind.name}`, harness, running, road: await openRoad(running.settings.port) })
      for (const name of names) await running.addAccount(name, running.fresh()())
    }
    return { ready, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const dial = createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true })

/** Makes a target of it, by an administrator's word, and looks for its accounts. */
export async function addTo(claviger: Claviger, { name, harness, running, road }: Ready): Promise<Struck> {
  const carol = await claviger.person('carol')
  const { account, credential } = running.manager()
  const secret = await credential.secret.use('recognise', (bytes) => Buffer.from(bytes).toString())
  const body = {
    ...{ name, kind: harness.kind.name, environment: 'lab' as const, tier: 2 as const },
    settings: { ...(running.settings as Record<string, string | number | boolean>), port: road.port },
    ...{ identity: { ...running.identity }, login: { account, kind: credential.kind, secret } },
  }
  const { id } = await withCode(carol.code, (code) => call(carol.api, inventory.addTarget, { body: { ...body, code } }))
  const found = await call(carol.api, inventory.discoverTarget, { params: { id } })
  if (!found.ok) throw new Error(`${name}: ${found.refusal.message}`)
  return { ...straightTo(name, harness.kind.name, running.settings, running.identity), road, accounts: found.value.accounts }
}

/** One of the lab's own, as the server knows it. */
export const ofLab = (target: inventory.Target, accounts: inventory.Account[]): Struck => ({
  ...straightTo(target.name, target.kind, target.settings, target.identity),
  ...{ road: undefined, accounts },
})

function straightTo(name: string, kind: string, settings: unknown, identity: Readonly<Record<string, string>>) {
  const opened = targetKinds.find((k) => k.name === kind)?.open(settings, dial)
  if (!opened?.ok) throw new Error(`${name} of kind ${kind} does not open`)
  const refusal: Struck['refusal'] = async (account, { kind: what, text, public: line }) => {
    if (text === undefined) return 'it does not open'
    const secret = Secret.fromText(text)
    const credential = { kind: what, secret, ...(line !== null && { publicKey: line }) }
    const works = await opened.value.verify(identity, { account, credential })
    secret.wipe()
    return works.ok ? undefined : works.error.code
  }
  return { name, kind, refusal }
}

/** Those that take part: what manages the target, and what was made for this. */
export const takesPart = (target: Pick<inventory.Target, 'manager'>, { name, observedSince }: inventory.Account): boolean =>
  name === target.manager || (names.includes(name) && observedSince === null)
