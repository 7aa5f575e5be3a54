import { fail, type Result } from '../../kernel/result.ts'
import { type SecuredSocket, secureSocket } from '../../platform/tls/index.ts'
import type { Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { clientOver, type RedisClient } from './client.ts'
import { impostor, replyFailure } from './failures.ts'
import type { RedisSettings } from './settings.ts'

const wanted = 'TLS with a certificate for this host from a trusted authority'

/** Connects and has the certificate checked; nothing has been said. `patience`: milliseconds after the connection stands. */
export async function secured(
  { host, port, ca }: RedisSettings,
  dial: Dial,
  patience: number,
): Promise<Result<SecuredSocket, TargetFailure>> {
  const dialled = await dial(host, port)
  if (!dialled.ok) return dialled
  dialled.value.on('error', () => {}) // TLS notices by itself that the connection is gone
  let late = false
  const deadline = setTimeout(() => {
    late = true
    dialled.value.destroy()
  }, patience)
  const secured = await secureSocket(dialled.value, { host, ca })
  clearTimeout(deadline)
  if (secured.ok) return secured
  dialled.value.destroy()
  return late ? fail({ code: 'target.timeout', detail: 'the server did not answer in time' }) : impostor(wanted, secured.error.detail)
}

/**
 * Connects, compares the certificate with the pinned one, logs in, lets `work` work, and leaves. The password goes out with
 * AUTH, as the protocol wants it: under TLS, to the server that has proven who it is.
 */
export async function onServer<T>(
  settings: RedisSettings,
  identity: PinnedIdentity,
  { account, credential }: Login,
  dial: Dial,
  patience: number,
  work: (client: RedisClient) => Promise<Result<T, TargetFailure>>,
): Promise<Result<T, TargetFailure>> {
  if (credential.kind !== 'password') return fail({ code: 'target.protocol', detail: 'Redis users have passwords' })
  if (!identity.certificate) return impostor('a pinned certificate', 'none is pinned')
  const connection = await secured(settings, dial, patience)
  if (!connection.ok) return connection
  const { socket, certificate } = connection.value
  if (certificate !== identity.certificate) {
    socket.destroy()
    return impostor(identity.certificate, certificate)
  }
  const client = clientOver(socket, patience)
  try {
    await credential.secret.lend('log-in-to-target', async (bytes) => {
      const password = Buffer.from(bytes)
      await client.call('AUTH', account, password).finally(() => password.fill(0))
    })
    return await work(client)
  } catch (error) {
    return fail(replyFailure(error, account))
  } finally {
    await client.close()
  }
}
