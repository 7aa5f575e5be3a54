import type { TokenFailure } from '../../../platform/pkcs11/token.ts'
import type { KeeperRefusal } from '../../contract.ts'
import type { HsmPlace } from './hsm-place.ts'

type Fault = TokenFailure['fault']

/** What a token or its module would not do, as a refusal that says what to do. `serial`: the one that was asked for. */
export function tokenRefusal({ fault, detail }: TokenFailure, hsm: HsmPlace, serial: string | undefined): KeeperRefusal {
  const { token, module, pinIn } = hsm
  const said = detail === '' ? '' : ` (${detail})`
  const again = 'It is tried again by itself.'
  const faces: { [F in Fault]: readonly [code: string, message: string] } = {
    no_binding: [
      'seal.hsm_not_set',
      `The part that speaks PKCS#11 is not built${said}. It takes a compiler: apt-get install g++ make python3, then CLAVIGER_REQUIRE_BINDING=1 npm run bootstrap, and start again.`,
    ],
    no_module: ['seal.hsm_not_set', `The PKCS#11 module ${module} cannot be loaded${said}. Is CLAVIGER_PKCS11_MODULE right? ${again}`],
    no_token: [
      'seal.hsm_away',
      `The module ${module} shows no token "${token}". Is the HSM on, connected and reachable, and CLAVIGER_PKCS11_TOKEN its name? ${again}`,
    ],
    two_tokens: ['seal.hsm_other', `Several tokens are called "${token}"${said}. Say which: CLAVIGER_PKCS11_SERIAL.`],
    other_token: [
      'seal.hsm_other',
      `The token that is called "${token}" is another one: its serial number is ${detail || 'unknown'}, the seal was made with ${serial ?? 'none'}. It was not given the PIN. Bring the right one back; or, where this is its copy: CLAVIGER_PKCS11_SERIAL.`,
    ],
    not_ready: ['seal.hsm_away', `The token "${token}" is not initialised, or has no user PIN yet. Do that with its own tool. ${again}`],
    pin_wrong: [
      'seal.hsm_pin',
      `The token "${token}" refused the PIN in ${pinIn}. It is not given a second time, because tokens lock. Put the right one there: it is noticed within a minute.`,
    ],
    pin_low: [
      'seal.hsm_pin',
      `The token "${token}" says that few tries of its PIN are left, so it was not given one. Log in to it once with its own tool, which sets the count back. ${again}`,
    ],
    pin_locked: [
      'seal.hsm_pin',
      `The token "${token}" has locked its PIN. Whoever has the PIN of its security officer sets a new one; put that into ${pinIn}. ${again}`,
    ],
    no_key: [
      'seal.hsm_key',
      `The token "${token}" has no wrapping key of this installation. Without it the vault does not open: put the key back from the HSM's own backup. ${again}`,
    ],
    does_not_open: [
      'seal.hsm_key',
      `The token "${token}" does not open what is said to be wrapped under its key${said}: the record was changed, or the key is another one. Put vault.installation and the keeper's folder back from a backup. ${again}`,
    ],
    extractable: [
      'seal.hsm_refused',
      `The token "${token}" made a key that can be taken out of it, so nothing was put under it. This token is of no use as a seal.`,
    ],
    refused: [
      'seal.hsm_refused',
      `The token "${token}" refused${said}. It must offer AES-256 keys and AES-GCM to its user. Nothing was changed. ${again}`,
    ],
    away: ['seal.hsm_away', `The HSM of the token "${token}" does not answer${said}. ${again}`],
    crashed: ['seal.hsm_away', `The PKCS#11 module ${module} ended unasked, or could not be started. Look at its own log. ${again}`],
    late: ['seal.hsm_away', `The PKCS#11 module ${module} did not answer in time and was ended. Is the HSM reachable? ${again}`],
  }
  const [code, message] = faces[fault]
  return { code, message }
}
