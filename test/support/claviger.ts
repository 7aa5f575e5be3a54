import { appendFileSync, chmodSync, chownSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { removeLater } from '../../server/src/platform/process/remove-later.fixture.ts'
import { type Person, signIn } from './person.ts'
import { freePorts } from './ports.ts'
import { childrenOf, type Program, runProgram, startProgram } from './process.ts'
import { openSuperuser, type Superuser } from './superuser.ts'
import { until } from './until.ts'

export const root = resolve(import.meta.dirname, '../..')
const main = join(root, 'server/src/main.ts')

export type Part = 'keeper' | 'api' | 'gateway' | 'database'

/** A whole Claviger of the test's own: its processes, its data folder, its ports. */
export interface Claviger {
  base: string
  data: string
  /** A folder outside the server's, for keys and copies. */
  work: string
  ports: { http: number; ssh: number; database: number; web01: number }
  env: NodeJS.ProcessEnv
  /** What the supervisor printed, over all starts. */
  said(): string
  supervisor(): number
  pid(part: Part): number
  /** The processes that carry sessions, that which listens first. */
  carriers(): number[]
  person(name: string): Promise<Person>
  superuser(): Promise<Superuser>
  ready(): Promise<{ status: number; ok: boolean; checks: Record<string, string> }>
  untilReady(seconds?: number): Promise<void>
  /** SIGKILL to the supervisor alone, as by the kernel: what becomes of its parts is their own affair. */
  killSupervisor(): Promise<void>
  running(): boolean
  /** Ctrl-C, and everything is gone. */
  halt(): Promise<void>
  /** Starts again on the same folder and ports; `wait: false` does not wait for /readyz to say yes. */
  again(how?: { wait?: boolean }): Promise<void>
  stop(): Promise<void>
}

export interface Options {
  lab: boolean
  data?: string
  env?: NodeJS.ProcessEnv
  /** Program and arguments that become the server by exec, such as setpriv: then it runs as somebody else. */
  through?: readonly string[]
  /** Another user than ours to run as (by `through`, where that is given); only root can. */
  as?: { uid: number; gid: number; home: string }
  /** `false`: the first start does not wait for /readyz to say yes, which a sealed server never does. */
  wait?: boolean
  /** How long one start may run before it is taken for stuck and killed. */
  seconds?: number
}

const names = { keeper: /\/keeper\.ts/, api: /\/api\.ts/, gateway: /\/gateway\.ts/ }

export async function startClaviger({
  lab,
  data: given,
  env: extra,
  through = [],
  as,
  wait = true,
  seconds = 900,
}: Options): Promise<Claviger> {
  const work = mkdtempSync(join(tmpdir(), 'claviger-journey-'))
  const data = given ?? join(work, 'data')
  chmodSync(work, 0o711) // the parts run as other users, who must be able to pass
  if (as) chownSync(work, as.uid, as.gid)
  const [http = 0, ssh = 0, postgres = 0, mysql = 0, database = 0, web01 = 0] = await freePorts(6)
  const { CLAVIGER_DATA: _, CLAVIGER_SERVER: __, CLAVIGER_CONFIG: ___, SSH_AUTH_SOCK: ____, ...clean } = process.env
  const env: NodeJS.ProcessEnv = {
    ...clean,
    ...{ CLAVIGER_DATA: data, CLAVIGER_HTTP_PORT: `${http}`, CLAVIGER_SSH_PORT: `${ssh}`, CLAVIGER_POSTGRES_PORT: `${postgres}` },
    CLAVIGER_MYSQL_PORT: `${mysql}`,
    ...{ CLAVIGER_LAB_DB_PORT: `${database}`, CLAVIGER_LAB_SSH_PORT: `${web01}`, NO_COLOR: '1' },
    // without the lab somebody would have to initialise the seal first
    ...(!lab && { CLAVIGER_SEAL: 'dev' }),
    ...(as && { HOME: as.home, USER: 'nobody', LOGNAME: 'nobody' }),
    ...extra,
  }
  const base = `http://127.0.0.1:${http}`
  const people = new Map<string, Promise<Person>>()
  let before = ''
  let program: Program | undefined

  const running = (): Program => {
    if (!program || program.over()) throw new Error(`the server does not run. It said:\n${said()}`)
    return program
  }
  const said = () => before + (program?.said() ?? '')
  const ready: Claviger['ready'] = async () => {
    const response = await fetch(`${base}/readyz`, { signal: AbortSignal.timeout(30_000) })
    return { status: response.status, ...((await response.json()) as { ok: boolean; checks: Record<string, string> }) }
  }
  const untilReady = async (seconds = 180): Promise<void> => {
    await until(
      '/readyz',
      async () => {
        if (program?.over()) throw new Error(`the server ended while it was waited for. It said:\n${said()}`)
        const now = await ready().catch(() => undefined)
        return now?.ok
      },
      seconds,
    )
  }
  const again: Claviger['again'] = async (how = {}) => {
    before = said()
    people.clear()
    const [file = '', ...args] = [...through, process.execPath, main, 'supervisor', ...(lab ? ['--lab'] : [])]
    program = startProgram(file, args, { seconds, env, ...(as && through.length === 0 && { uid: as.uid, gid: as.gid }) })
    const started = program
    const begun = started.said().length
    await until(
      'the server to say that it is ready',
      () => {
        if (started.over()) throw new Error(`the server did not start. It said:\n${started.said()}`)
        return started.said().slice(begun).includes('Ctrl-C stops everything')
      },
      240,
    )
    if (how.wait !== false) await untilReady()
  }
  const halt = async (): Promise<void> => {
    if (!program || program.over()) return
    program.child.kill('SIGINT')
    const patience = setTimeout(() => program?.kill(), 120_000)
    await program.ended
    clearTimeout(patience)
  }
  const pid = (part: Part): number => {
    const supervisor = running().child.pid ?? 0
    const found = childrenOf(supervisor).find(({ command }) =>
      part === 'database' ? command.includes(join(data, 'postgres', '')) : names[part].test(command),
    )
    if (!found) throw new Error(`the ${part} does not run`)
    return found.pid
  }

  const carriers = () => {
    const first = pid('gateway')
    return [first, ...childrenOf(first).flatMap((one) => (/\/gateway-worker\.ts/.test(one.command) ? [one.pid] : []))]
  }

  const claviger: Claviger = {
    ...{ base, data, work, ports: { http, ssh, database, web01 }, env, said, ready, untilReady, again, halt, pid, carriers },
    supervisor: () => running().child.pid ?? 0,
    person(name) {
      const known = people.get(name) ?? signIn(claviger, name)
      people.set(name, known)
      return known
    },
    superuser: () => openSuperuser(data),
    running: () => program !== undefined && !program.over(),
    async killSupervisor() {
      const { child, ended } = running()
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      await halt()
      // to look into a journey that failed
      if (process.env.JOURNEY_LOG !== undefined) appendFileSync(process.env.JOURNEY_LOG, said())
      removeLater(work)
      if (!data.startsWith(work)) removeLater(data)
    },
  }
  try {
    await again({ wait })
  } catch (error) {
    await claviger.stop().catch(() => undefined) // why it did not start is the news
    throw error
  }
  return claviger
}

/** The command line client, as somebody at their own machine. */
export const cli = (claviger: Claviger, args: readonly string[], how: { input?: string; env?: NodeJS.ProcessEnv; seconds?: number } = {}) =>
  runProgram(process.execPath, [join(root, 'cli/src/main.ts'), ...args], {
    seconds: how.seconds ?? 180,
    input: how.input ?? '',
    env: { ...claviger.env, CLAVIGER_SERVER: claviger.base, CLAVIGER_CONFIG: join(claviger.work, 'cli'), ...how.env },
  })
