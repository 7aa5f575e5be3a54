import type { HsmPlace } from '../keeper/seal/kinds/hsm-place.ts'
import { ok } from '../kernel/result.ts'
import { Secret } from '../kernel/secret.ts'
import { readPin } from '../platform/pkcs11/read-pin.ts'
import type { KeeperConfig } from './part-config.ts'

/** The token as the keeper uses it, from what its settings say. */
export function hsmPlace({ pin, ...place }: NonNullable<KeeperConfig['hsm']>): HsmPlace {
  if ('credential' in pin)
    return { ...place, pinIn: "systemd's credential claviger-pkcs11-pin", pin: () => ok(Secret.fromText(pin.credential)) }
  return { ...place, pinIn: pin.file, pin: () => readPin(pin.file) }
}
