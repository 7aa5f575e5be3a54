import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningLab } from '../../../lab/start-lab.ts'
import { readConfig } from '../config.ts'
import { enterFipsProfile } from '../fips-profile.ts'
import { ok } from '../kernel/result.ts'
import { takenPort } from './ports.ts'
import { claimDataFolder, firstRunLink } from './run-folder.ts'
import { say } from './say.ts'
import { type RunningServer, startServer } from './start-server.ts'

const root = resolve(import.meta.dirname, '..', '..', '..')

/** Starts everything, says what to open and what to type, and stops everything that it started, and only that, on Ctrl-C. */
export async function runSupervisor(options: { lab: boolean }): Promise<void> {
  const config = readConfig(process.env, { lab: options.lab, root })
  if (!config.ok) return leave(config.error)
  const unfit = config.value.fips ? enterFipsProfile(config.value) : ok(undefined)
  if (!unfit.ok) return leave(unfit.error)
  const { data, http, ssh, postgres, mysql, dataNote, lab, labPorts } = config.value
  if (dataNote) say.warn(dataNote)
  const claimed = claimDataFolder(data)
  if (!claimed.ok) return leave(claimed.error)
  const taken = await takenPort([
    { what: 'console and API', ...http, variable: 'CLAVIGER_HTTP_PORT' },
    { what: 'SSH gateway', ...ssh, variable: 'CLAVIGER_SSH_PORT' },
    { what: 'PostgreSQL gateway', ...postgres, variable: 'CLAVIGER_POSTGRES_PORT' },
    { what: 'MySQL gateway', ...mysql, variable: 'CLAVIGER_MYSQL_PORT' },
  ])
  if (taken) return leave(taken, claimed.value.release)

  let server: RunningServer | undefined
  let running: RunningLab | undefined
  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    say.line()
    say.step('stopping')
    await running?.stop()
    await server?.stop()
    claimed.value.release()
    process.exit(process.exitCode ?? 0)
  }
  process.on('SIGINT', () => void stop())
  process.on('SIGTERM', () => void stop())
  process.on('SIGHUP', () => void stop())

  const started = await startServer(config.value, (what) => say.step(`starting the ${what}`), quietly)
  if (!started.ok) return leave(started.error, claimed.value.release)
  server = started.value
  if (stopping) return void (await server.stop())
  if (server.divergence) {
    say.fail(server.divergence)
    say.warn('Nothing opens until two security officers acknowledge this: claviger audit acknowledge')
  }
  if (lab && server.waiting !== undefined) say.warn('The lab was not started: start again when the seal is open.')
  else if (lab) {
    say.step('starting the lab')
    try {
      if (server.seal !== 'open') {
        const { openLabSeal } = await import('../../../lab/open-seal.ts')
        await openLabSeal({ data, server: `http://127.0.0.1:${http.port}` })
        say.warn(`The lab opened its own seal, with shares that lie in ${join(data, 'lab')}. Real custodians keep theirs apart.`)
      }
      running = await bringUpLab({ data, labPorts, http, setupToken: server.setupToken })
    } catch (error) {
      say.fail(error instanceof Error ? error.message : String(error))
      say.line(`  Start again to go on from here, or remove ${join(data)} to begin anew.`)
      process.exitCode = 1
      return void (await stop())
    }
    for (const missing of running.missing) say.warn(missing)
  }
  tellWhatToDo({ http: http.port, ssh: ssh.port, postgres: postgres.port, mysql: mysql.port }, lab, running, server, data)
  // keeps the process alive; its parts are children
  for (;;) await sleep(1 << 30)
}

/** Loaded only when it is wanted: a server in earnest has no lab. */
async function bringUpLab(where: {
  data: string
  labPorts: { database: number; ssh: number }
  http: { port: number }
  setupToken: string | undefined
}): Promise<RunningLab> {
  const { startLab } = await import('../../../lab/start-lab.ts')
  const { data, labPorts, http, setupToken } = where
  return await startLab({
    data,
    ports: labPorts,
    server: `http://127.0.0.1:${http.port}`,
    binaries: join(data, 'bin'),
    setupToken,
    log: complaints,
  })
}

/** Databases and hosts say much that is no news; a complaint is. */
function quietly(line: string): void {
  // what it refuses while it ends and starts is said once, by whoever starts it again
  const comingBack = /^FATAL: +(terminating connection|the database system is)/
  if (!/^(LOG|DETAIL|HINT|Server listening)/.test(line) && !comingBack.test(line)) say.warn(line)
}

/** What a lab host says of each login is for its own log, not for the terminal. */
function complaints(line: string): void {
  if (/^(fatal|error|panic)/i.test(line)) say.warn(line)
}

function leave(why: string, release?: () => void): void {
  say.fail(why)
  release?.()
  process.exit(1)
}

function tellWhatToDo(
  ports: { http: number; ssh: number; postgres: number; mysql: number },
  lab: boolean,
  running: RunningLab | undefined,
  server: RunningServer,
  data: string,
): void {
  const { http, ssh, postgres, mysql } = ports
  const { setupToken, seal } = server
  say.line()
  if (seal === 'open' || (lab && running)) say.head('Claviger is ready.')
  else if (seal === 'sealed' && server.waiting !== undefined) say.warn(`Claviger is up and sealed. ${server.waiting}`)
  else if (seal === 'sealed')
    say.warn('Claviger is up and sealed: nothing opens until its custodians give their shares, with claviger unseal.')
  else
    say.warn(
      'Claviger is up and has no seal yet. On this host, as this user: claviger init; or open the link of the first run (CLAVIGER_SEAL=dev only to try it out).',
    )
  say.key('Console', `http://localhost:${http}`)
  say.key('API', `http://localhost:${http}/api/docs`)
  say.key('SSH gateway', `127.0.0.1:${ssh}`)
  say.key('PostgreSQL', `127.0.0.1:${postgres}`)
  say.key('MySQL', `127.0.0.1:${mysql}`)
  if (lab && running) {
    say.line()
    say.warn(
      `This is the lab: what opens it lies beside the data (${seal === 'open' ? 'the seal dev' : 'the shares of its seal'}), and what is in it is for trying out.`,
    )
    for (const person of running.people)
      say.key(person.name, `${person.what}; password ${person.password}; code: ./claviger lab code ${person.name}`)
    say.line()
    say.head('Try')
    say.key('the tour', 'npm run tour')
    if (running.sshAccount) say.key('a session', `ssh -i ${running.sshKey} 'alice@${running.sshAccount}@web01@127.0.0.1' -p ${ssh}`)
  } else if (setupToken) {
    say.line()
    say.head('First run')
    say.key('open', firstRunLink(data, `http://localhost:${http}/setup?token=${setupToken}`))
    say.line(
      `  The link makes ${seal === 'uninitialised' ? 'the seal and ' : ''}the first administrator. It is valid once, and while this server runs.`,
    )
  }
  say.line()
  say.line('Ctrl-C stops everything that was started here.')
}
