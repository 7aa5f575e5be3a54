import { fail, ok, type Result } from '../../kernel/result.ts'
import { securePostgres } from '../../platform/postgres-client/index.ts'
import type { Dial, PinnedIdentity, TargetFailure } from '../contract.ts'
import { asTargetFailure, timeout } from './failures.ts'
import type { PostgresSettings } from './settings.ts'

const patience = 15_000

/**
 * What the server shows to somebody who has no password: with TLS its certificate, checked against the authority.
 * Without TLS it can show nothing before a login, so the method is what is pinned, and each login is then the proof.
 */
export async function identify(settings: PostgresSettings, dial: Dial): Promise<Result<PinnedIdentity, TargetFailure>> {
  const dialled = await dial(settings.host, settings.port)
  if (!dialled.ok) return dialled
  const socket = dialled.value
  socket.on('error', () => {})
  if (settings.tls === 'off-scram') {
    socket.destroy()
    return ok({ proof: 'scram-server-signature' })
  }
  let late = false
  const deadline = setTimeout(() => {
    late = true
    socket.destroy()
  }, patience)
  const secured = await securePostgres(socket, settings)
  clearTimeout(deadline)
  if (!secured.ok) {
    socket.destroy()
    return late ? timeout('the server did not answer in time') : fail(asTargetFailure(secured.error, ''))
  }
  secured.value.socket.destroy() // and not the socket below it: see `securePostgres`
  return ok({ proof: 'tls-certificate', certificate: secured.value.certificate })
}
