import type { Keeper } from '../../keeper/client.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { Audit } from '../audit/index.ts'
import type { IdentityError } from './errors.ts'
import { setupFinished } from './events.ts'

/** Ends the first run, once and for ever: from now on every change needs a person and a fresh code. */
export async function finishSetup(
  { audit, keeper }: { audit: Audit; keeper: Keeper },
  { token }: { token: string },
): Promise<Result<void, IdentityError>> {
  return await audit.act<void, IdentityError>({ act: 'identity.finish_setup', by: null }, async ({ record }) => {
    const finished = await keeper.ask('finishSetup', { token })
    if (!finished.ok) return finished
    await record(setupFinished({}))
    return ok(undefined)
  })
}
