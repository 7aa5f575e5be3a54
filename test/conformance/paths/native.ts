import { call, session } from '@claviger/api'
import { must } from '../../support/person.ts'
import type { Lane, Openers } from '../lane.ts'
import { openProgram } from '../live.ts'

/** Environment of a client that finds nothing of ours or the machine's. */
const bare = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  ...more,
})

/** What `ssh` is told, but for the command: the certificate, and who goes where. `port` is the door's, or that of a way to it. */
export async function sshOptions({ alice, at }: Lane, port?: number): Promise<string[]> {
  const args = await alice.sshArgs(at)
  const way = port === undefined ? [] : ['-o', `Port=${port}`]
  return [...args.slice(0, -1), ...way, '-o', `User=alice@${at}`]
}

/** A ticket for the grant that runs, as the person gets it from console or API. */
export async function ticketFor(lane: Lane): Promise<string> {
  const { id } = await lane.grant()
  return must(await call(lane.alice.api, session.issueTicket, { params: { id } })).ticket
}

export async function psql(lane: Lane, port: number, args: readonly string[], ticket?: string) {
  const env = bare({
    ...{ PGHOST: 'localhost', PGPORT: `${port}`, PGUSER: `alice@${lane.at}`, PGPASSWORD: ticket ?? (await ticketFor(lane)) },
    ...{ PGDATABASE: 'postgres', PGSSLMODE: 'verify-full', PGSSLROOTCERT: lane.caFile },
  })
  return { file: 'psql', args: ['-X', '-A', '-t', ...args], env }
}

export async function mariadb(lane: Lane, port: number, args: readonly string[], ticket?: string) {
  const to = ['--no-defaults', '-h', '127.0.0.1', '-P', `${port}`, '-u', `alice@${lane.at}`]
  const secured = [`--ssl-ca=${lane.caFile}`, '--ssl-verify-server-cert']
  return {
    file: 'mariadb',
    args: [...to, ...secured, '-N', '-n', '-f', ...args],
    env: bare({ MYSQL_PWD: ticket ?? (await ticketFor(lane)) }),
  }
}

/** The same clients, at the door itself or by a way to it. */
export const clientsAt = (portOf: (lane: Lane) => number): Openers => ({
  async ssh(lane) {
    const args = ['-tt', ...(await sshOptions(lane, portOf(lane))), 'claviger']
    return openProgram('ssh', args, { env: bare({ TERM: 'xterm' }), enter: '\r', goodbye: 'exit\r', interrupt: '\u0003' })
  },
  async postgres(lane) {
    const { file, args, env } = await psql(lane, portOf(lane), [])
    return openProgram(file, args, { env, enter: ';\n', goodbye: '\\q\n', interrupt: 'SIGINT' })
  },
  async mysql(lane) {
    const { file, args, env } = await mariadb(lane, portOf(lane), ['--local-infile=1'])
    return openProgram(file, args, { env, enter: ';\n', goodbye: '\\q\n', interrupt: 'SIGINT' })
  },
})

export const openNative = clientsAt(({ door }) => door)
