import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { access, call, inventory, session } from '@claviger/api'
import { type Mariadb, manager, startMariadb } from '../../server/src/targets/mysql/test/start-mariadb.ts'
import { selfSigned } from '../../server/src/targets/test/self-signed.ts'
import { startClaviger } from '../../test/support/claviger.ts'
import { must, withCode } from '../../test/support/person.ts'
import { until } from '../../test/support/until.ts'
import { accounts } from '../../test/support/work.ts'
import { lastingTicket } from '../lasting-ticket.ts'
import { startRelay } from './relay.ts'
import { sysbench, type Way } from './sysbench.ts'

/** The whole product, a bare relay and the server itself, with one account for each that may read the same table. */
export interface Stand {
  ours: Way
  relay: Way
  direct: Way
  /** Recordings of runs that are over only fill the disk. */
  forgetRecordings(): void
  close(): Promise<void>
}

const password = 'for-the-anchors-of-this-bench'

export async function openStand(): Promise<Stand> {
  const closing: (() => Promise<void>)[] = []
  const close = async () => {
    for (const one of closing.splice(0).toReversed()) await one()
  }
  try {
    const { server, client } = await startTrusting()
    closing.push(() => server.stop())
    // its tests want it talkative; what it writes would be measured
    await server.sql('set global general_log = 0')
    await server.sql('set global slow_query_log = 0')
    await server.sql('create database bench')
    for (const [name, secret] of [
      ['anchor', password],
      ['ops', password],
      [manager.account, manager.password],
    ] as const)
      await server.sql(`create user ${name}@'127.0.0.1' identified via mysql_native_password using password(?)`, [secret])
    await server.sql(`grant create user, connection admin, process, super on *.* to ${manager.account}@'127.0.0.1'`)
    await server.sql(`grant select on mysql.* to ${manager.account}@'127.0.0.1'`)
    await server.sql(`grant all on bench.* to anchor@'127.0.0.1'`)
    // discovered as privileged by it
    await server.sql(`grant file on *.* to ops@'127.0.0.1'`)
    await server.sql(`grant select on bench.* to ops@'127.0.0.1'`)

    const claviger = await startClaviger({ lab: true, seconds: 4 * 3600 })
    closing.push(() => claviger.stop())
    const own = selfSigned('127.0.0.1')
    const relay = await startRelay({ port: server.port, ca: server.tls.certificate }, own)
    closing.push(relay.close)
    const gatewayCa = await (await fetch(`${claviger.base}/api/gateway-ca.pem`)).text()
    const way = (name: string, port: number, user: string, secret: () => Promise<string>): Way => {
      const folder = join(claviger.work, 'bench', name)
      // the names under which sysbench has its library look for a key of its own, and for whom to believe
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const files = {
        'cacert.pem': server.tls.certificate + own.certificate + gatewayCa,
        'client-cert.pem': client.certificate,
        'client-key.pem': client.key,
      }
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text, { mode: 0o600 })
      return { name, folder, port, user, password: secret }
    }
    const direct = way('direct', server.port, 'anchor', async () => password)
    await sysbench(direct, ['prepare'], 120)

    const carol = await claviger.person('carol')
    const target = await withCode(carol.code, (code) =>
      call(carol.api, inventory.addTarget, {
        body: {
          ...{ name: 'bench', kind: 'mysql', environment: 'lab', tier: 2, code },
          ...{
            settings: { host: '127.0.0.1', port: server.port, ca: server.tls.certificate },
            identity: { certificate: server.tls.fingerprint },
          },
          login: { account: manager.account, kind: 'password', secret: manager.password },
        },
      }),
    )
    must(await call(carol.api, inventory.discoverTarget, { params: { id: target.id } }))
    const ops = (await accounts(claviger)).find((one) => one.name === 'ops' && one.target.id === target.id)
    if (!ops) throw new Error('the account was not discovered')
    must(await call(carol.api, inventory.rotateAccount, { params: { id: ops.id }, body: { reason: 'a bench' } }))
    await until('the account to be taken over', async () =>
      (await accounts(claviger)).find((one) => one.id === ops.id && one.state === 'managed'),
    )
    const alice = await claviger.person('alice')
    const { grant } = must(await call(alice.api, access.fileRequest, { body: { account: 'ops@bench', duration: '8h', reason: 'a bench' } }))
    if (!grant) throw new Error('there is no grant')
    const ticket = lastingTicket(async () => must(await call(alice.api, session.issueTicket, { params: { id: grant.id } })))
    const first = await ticket()
    return {
      direct,
      relay: way('relay', relay.port, 'anchor', async () => password),
      ours: way('claviger', first.port, first.user, async () => (await ticket()).ticket),
      forgetRecordings() {
        const folder = join(claviger.data, 'recordings')
        for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true })
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** sysbench shows a certificate to every server, and MariaDB sends away whom it cannot trust. */
async function startTrusting(): Promise<{ server: Mariadb; client: { certificate: string; key: string } }> {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-bench-'))
  const [certificate, key] = [join(folder, 'certificate'), join(folder, 'key')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync('openssl', ['req', '-x509', ...curve, '-days', '2', '-subj', '/CN=sysbench', '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  })
  chmodSync(folder, 0o755)
  process.env.SSL_CERT_FILE = certificate
  try {
    const server = await startMariadb()
    return { server, client: { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') } }
  } finally {
    delete process.env.SSL_CERT_FILE
    rmSync(folder, { recursive: true })
  }
}
