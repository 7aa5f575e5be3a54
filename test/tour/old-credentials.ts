import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import type { inventory } from '@claviger/api'
import pg from 'pg'
import type { InitialCredentials } from './facts.ts'
import type { Row } from './proof.ts'
import { ssh } from './ssh.ts'
import type { Tour } from './tour.ts'

/** Tries the passwords that once opened orders-db with a real client. The lab's database speaks SCRAM, so none travels. */
export const triesOnDatabase =
  (orders: inventory.Target, initial: InitialCredentials, privileged: readonly string[]): (() => Promise<Row[]>) =>
  async () =>
    await Promise.all(
      initial.accounts
        .filter(({ name }) => privileged.includes(name))
        .map(async ({ name, password }): Promise<Row> => {
          const { host, port } = { host: '127.0.0.1', port: Number(orders.settings.port) }
          const client = new pg.Client({ host, port, user: name, password, database: 'postgres', connectionTimeoutMillis: 10_000 })
          const answer = await client.connect().then(
            () => 'opened',
            // 28P01 invalid_password (PostgreSQL docs, appendix A)
            (error: { code?: string; message: string }) => (error.code === '28P01' ? 'refused' : error.message),
          )
          await client.end().catch(() => undefined)
          return { account: `${name}@orders-db`, credential: 'initial password', answer }
        }),
    )

/** Tries every credential that once opened web01 with a real ssh, straight at the host and past the gateway. All at once: sshd answers a wrong password late. */
export function triesOn(tour: Tour, web01: inventory.Target, initial: InitialCredentials): () => Promise<Row[]> {
  const { facts } = tour
  const port = String(web01.settings.port ?? 22)
  const common = [
    ...['-p', port, '-o', `UserKnownHostsFile=${join(facts.work, 'web01_known_hosts')}`, '-o', 'StrictHostKeyChecking=accept-new'],
    ...['-o', 'NumberOfPasswordPrompts=1', '-o', 'LogLevel=ERROR', '-o', 'ConnectTimeout=10'],
  ]
  const attempt = async (account: string, what: string, options: string[], answer?: string): Promise<Row> => {
    const { status, err } = await ssh(facts, [...common, ...options, `${account}@127.0.0.1`, 'true'], answer, 25)
    const refused = status === 255 && /Permission denied/.test(err)
    return {
      account: `${account}@web01`,
      credential: what,
      answer: status === 0 ? 'opened' : refused ? 'refused' : `ssh exit ${status}: ${err.trim()}`,
    }
  }
  const byPassword = ['-o', 'PubkeyAuthentication=no', '-o', 'PreferredAuthentications=password,keyboard-interactive']
  const byKey = (file: string) => [
    '-o',
    'IdentitiesOnly=yes',
    '-o',
    'PreferredAuthentications=publickey',
    '-i',
    privateCopy(facts.work, file),
  ]
  return async () =>
    await Promise.all([
      ...initial.accounts.flatMap(({ name, password, privateKeyFile }) => [
        ...(password === undefined ? [] : [attempt(name, 'initial password', byPassword, password)]),
        ...(privateKeyFile === undefined ? [] : [attempt(name, 'initial key', byKey(privateKeyFile))]),
      ]),
      ...(initial.formerAdmin ? [attempt(initial.formerAdmin.account, 'key left behind', byKey(initial.formerAdmin.privateKeyFile))] : []),
    ])
}

/** ssh refuses a key file that others can read or that is not ours. */
function privateCopy(work: string, file: string): string {
  const copy = join(work, `key-${file.split('/').at(-1)}`)
  copyFileSync(file, copy)
  return copy
}
