import { ok } from '../../kernel/result.ts'
import type { Dial, Login, PinnedIdentity } from '../contract.ts'
import type { Answer } from './failures.ts'
import { onDevice } from './on-device.ts'
import type { NetworkDeviceSettings } from './settings.ts'

/** Logs in afresh, sees a prompt, and logs out. */
export const verify = (settings: NetworkDeviceSettings, identity: PinnedIdentity, login: Login, dial: Dial): Promise<Answer<void>> =>
  onDevice(settings, identity, login, dial, async () => ok(undefined))
