import type { kits } from '@claviger/api'
import type { Keeper } from '../../keeper/client.ts'
import type { BreakglassKeyId, KitId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Audit } from '../audit/index.ts'
import { insertKit, markedAccounts } from './breakglass.store.ts'
import type { BreakglassError } from './errors.ts'
import { kitMade } from './events.ts'

export interface KitDeps {
  audit: Audit
  keeper: Keeper
  now: () => Date
  /** Where an opening is told, carried by each kit. */
  roads: kits.Roads
  /** How people call this server. */
  server: string
}

/** Makes a kit of everything that is for emergencies. The keeper seals and signs it; nobody but its custodians opens it. */
export async function makeKit(
  { audit, keeper, roads, server }: KitDeps,
  by: PersonId | null,
): Promise<Result<{ id: KitId; file: string }, BreakglassError>> {
  return await audit.act<{ id: KitId; file: string }, BreakglassError>({ act: 'breakglass.make_kit', by }, async ({ tx, record }) => {
    const accounts = await markedAccounts(tx)
    if (accounts.length === 0) return fail({ code: 'breakglass.no_accounts' })
    const id = newId('kit')
    const made = await keeper.ask('makeKit', { kit: id, accounts, roads, server })
    if (!made.ok) return made
    const { key, madeAt, contents, payload } = made.value
    const file = (await payload?.use('seal', (bytes) => Buffer.from(bytes).toString('utf8'))) ?? ''
    await insertKit(tx, { id, key_id: key as BreakglassKeyId, made_by: by, made_at: new Date(madeAt), contents, file })
    await record(kitMade({ kit: id, key, accounts: accounts.length, file: sha256(file).toString('hex') }))
    return ok({ id, file })
  })
}
