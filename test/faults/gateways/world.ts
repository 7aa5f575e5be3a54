import { access, call } from '@claviger/api'
import { linuxSshHarness } from '../../../server/src/targets/linux-ssh/test/harness.ts'
import { type Claviger, startClaviger } from '../../support/claviger.ts'
import { addTarget } from '../../support/own-target.ts'
import { must, type Person } from '../../support/person.ts'

/** One server and a host at which nobody has to approve, with somebody who holds a grant for it. */
export interface GatewayWorld {
  claviger: Claviger
  alice: Person
  carol: Person
  /** `account@target` */
  at: string
  /** What `ssh`, `sftp` and `scp` are told, but for the host, which is `claviger`. */
  options: readonly string[]
  stop(): Promise<void>
}

export async function openGatewayWorld(): Promise<GatewayWorld> {
  const claviger = await startClaviger({ lab: true, seconds: 3600 })
  const stops: (() => Promise<void>)[] = [() => claviger.stop()]
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one()
  }
  try {
    const server = await linuxSshHarness.start()
    stops.push(() => server.stop())
    const [alice, carol] = await Promise.all([claviger.person('alice'), claviger.person('carol')])
    const target = await addTarget(claviger, linuxSshHarness, server, { name: 'build01' })
    await target.account('ops')
    const at = 'ops@build01'
    must(await call(alice.api, access.fileRequest, { body: { account: at, duration: '2h', reason: 'bad days' } }))
    const options = [...(await alice.sshArgs(at)).slice(0, -1), '-o', `User=alice@${at}`]
    return { claviger, alice, carol, at, options, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
