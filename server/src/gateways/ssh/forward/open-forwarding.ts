import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { SshConnection } from '../../../platform/ssh/index.ts'
import type { Admitted, LiveSession } from '../../contract.ts'
import { watchDeadline } from '../../door/deadline.ts'
import { watchIdle } from '../../door/idle.ts'
import { logInToTarget } from '../../door/log-in-to-target.ts'
import { createStop, type Stop } from '../../door/stop.ts'
import type { RunDeps } from '../run-session.ts'
import { logIn, type NoWay } from '../upstream.ts'
import type { Joined } from './join-channels.ts'

/** The one session under which the connections of one SSH connection are carried. */
export interface Forwarding {
  live: LiveSession
  /** To the target, logged in. */
  connection: SshConnection
  /** The connections that it carries now. */
  carried: Set<Joined>
  touched(): void
  readonly suspended: boolean
  stop: Stop
}

const noGrant = 'No grant of yours runs for this account. Open a session or a request first (claviger request), then connect again.'
const stopping = 'The gateway is stopping. Connect again in a moment.'

/**
 * Opens it: grant, recording, intent, credential, login. It is over when `stop` is turned: by the deadline, by an officer, when nothing moved for
 * long, when the target or the person is gone. Nobody can be asked or told here, so it waits for no approval and gives no warning.
 */
export async function openForwarding(admitted: Admitted, deps: RunDeps): Promise<Result<Forwarding, string>> {
  const { host, running, log } = deps
  const stop = createStop()
  const opened = Promise.withResolvers<Result<Forwarding, string>>()
  running.add(stop, async () => {
    try {
      const grant = await host.findGrant(admitted)
      if (!grant.ok) return opened.resolve(fail(grant.error.say))
      if (!grant.value) return opened.resolve(fail(noGrant))
      if (stop.reason) return opened.resolve(fail(stopping))
      const live = await host.open(admitted, grant.value, { kind: 'forward' })
      if (!live.ok) return opened.resolve(fail(live.error.say))
      await carry(live.value, stop, deps, opened.resolve)
    } catch (error) {
      log.error({ error, account: admitted.attempt.account, target: admitted.attempt.target }, 'forwarding could not be opened')
      opened.resolve(fail('The session could not be opened by a fault in Claviger. Try again; if it stays, tell your administrator.'))
    }
  })
  return await opened.promise
}

async function carry(live: LiveSession, stop: Stop, deps: RunDeps, opened: (as: Result<Forwarding, string>) => void): Promise<void> {
  const { clock, limits, dial, log } = deps
  const carried = new Set<Joined>()
  let suspended = false
  live.onCut(stop.now)
  const deadline = watchDeadline(live.remainingMs, { clock, warn: () => {}, ended: () => stop.now(live.endsFor) })
  live.onExtended(deadline.extend)
  const idle = watchIdle(Math.min(limits.idleMs, live.terms.idleMs), {
    clock,
    warn: () => {},
    idle: () => stop.now('idle'),
    busy: () => suspended,
  })
  let failed: NoWay | undefined
  let drop = () => {}
  try {
    const { reached } = await logInToTarget(live, 0, stop, () => logIn(live, { dial, limits, signal: stop.signal }))
    if (!reached.ok) {
      failed = reached.error
      return opened(fail(failed.say))
    }
    const { connection, socket } = reached.value
    drop = () => void socket.destroy()
    if (stop.reason) return opened(fail(stopping))
    void connection.closed.then(() => {
      failed ??= { reason: 'target_failed', say: '', detail: 'the target closed the connection' }
      stop.now('closed')
    })
    live.overseen({
      // there is nowhere to say it: whatever reads these connections is a program
      say: () => false,
      suspend() {
        suspended = true
        for (const one of carried) one.suspend()
      },
      resume() {
        suspended = false
        for (const one of carried) one.resume()
      },
    })
    opened(
      ok({
        live,
        connection,
        carried,
        touched: idle.touch,
        stop,
        get suspended() {
          return suspended
        },
      }),
    )
    const reason = await stop.turned
    if (reason !== 'closed') failed = undefined
  } catch (error) {
    log.error({ error, session: live.id }, 'forwarding could not be carried')
    opened(fail('The session ended by a fault in Claviger. Connect again; if it stays, tell your administrator.'))
  } finally {
    deadline.stop()
    idle.stop()
    live.login.credential.secret.wipe()
    for (const one of carried) one.cut()
    drop()
    const outcome = failed && { reason: failed.reason, detail: failed.detail }
    await live.ended(outcome ?? { reason: stop.reason ?? 'target_failed' }).catch((error: unknown) => {
      log.error({ error, session: live.id }, 'the end of a session could not be written down')
    })
  }
}
