import { ok } from '../../kernel/result.ts'
import { type Dial, type FoundAccount, type Login, type PinnedIdentity, TargetError } from '../contract.ts'
import { listAccounts } from './accounts.ts'
import type { Answer } from './failures.ts'
import { onDevice } from './on-device.ts'
import { quieten } from './quieten.ts'
import { type NetworkDeviceSettings, vendorOf } from './settings.ts'

/** The accounts of its own that a device has. What a TACACS+ or RADIUS server lets in stands there, not here. */
export async function* discover(
  settings: NetworkDeviceSettings,
  identity: PinnedIdentity,
  as: Login,
  dial: Dial,
): AsyncGenerator<FoundAccount> {
  const vendor = vendorOf(settings)
  const found = await onDevice<FoundAccount[]>(settings, identity, as, dial, async (device): Promise<Answer<FoundAccount[]>> => {
    const quiet = await quieten(device, vendor)
    if (!quiet.ok) return quiet
    const accounts = await listAccounts(device.dialogue, vendor)
    if (!accounts.ok) return accounts
    return ok(
      accounts.value.map(({ name, privilege }) => ({
        ...{ name, category: 'network-device' as const, credentials: ['password'] as const, canLogIn: true },
        privileges: [privilege === '' ? 'configured user' : `privilege ${privilege}`],
      })),
    )
  })
  if (!found.ok) throw new TargetError(found.error)
  yield* found.value
}
