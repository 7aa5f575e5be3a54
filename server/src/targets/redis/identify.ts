import { ok, type Result } from '../../kernel/result.ts'
import type { Dial, PinnedIdentity, TargetFailure } from '../contract.ts'
import { secured } from './connect.ts'
import type { RedisSettings } from './settings.ts'

const patience = 15_000

/** What the server shows to somebody who says nothing: its certificate, checked against the authority. */
export async function identify(settings: RedisSettings, dial: Dial): Promise<Result<PinnedIdentity, TargetFailure>> {
  const connection = await secured(settings, dial, patience)
  if (!connection.ok) return connection
  connection.value.socket.destroy()
  return ok({ certificate: connection.value.certificate })
}
