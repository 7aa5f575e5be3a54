import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { Secret } from '../../../kernel/secret.ts'
import { lengthPrefixed } from '../../../platform/crypto/hash.ts'
import { randomSecretBytes } from '../../../platform/crypto/random.ts'
import { askToken, type TokenAnswer } from '../../../platform/pkcs11/token.ts'
import type { KeeperRefusal } from '../../contract.ts'
import { refuse } from '../../refuse.ts'
import type { KeeperFolder } from '../../state/folder.ts'
import type { HsmPlace } from './hsm-place.ts'
import type { SealKind, SealPlace } from './kind.ts'
import { pinMark, pinMarkFile } from './pin-mark.ts'
import type { Pkcs11Facts } from './pkcs11.facts.ts'
import { tokenRefusal } from './pkcs11.words.ts'

/**
 * The seal `pkcs11`: the root key lies in the record, wrapped under an AES key that never leaves a hardware security module. Both, wrapping and
 * unwrapping, is an operation of the token itself. It opens by itself as long as the token is there and takes the PIN.
 */
export const pkcs11: SealKind<Pkcs11Facts> = {
  kind: 'pkcs11',
  mayBeAway: true,

  async protect(root, _, place) {
    const key = randomSecretBytes(16).toString('hex')
    const made = await withPin(place, { do: 'make', key, associated: associated(key) }, root)
    if (!made.ok) return made
    const { serial, iv, bytes } = made.value
    return ok({ facts: { kind: 'pkcs11', token: place.hsm?.token ?? '', serial, key, iv, wrapped: bytes.toString('base64') } })
  },

  async open({ serial, key, iv, wrapped }, place) {
    const wanted = { do: 'open', key, iv, associated: associated(key), serial: place.hsm?.serial ?? serial } as const
    const opened = await withPin(place, wanted, Buffer.from(wrapped, 'base64'))
    return opened.ok ? ok(opened.value.bytes) : opened
  },
}

/** The wrapped key opens as what it is, under the key that it says, and as nothing else. */
const associated = (key: string): string => lengthPrefixed('claviger/seal/pkcs11/v1', key).toString('hex')

type Wanted = Omit<Parameters<typeof askToken>[2], 'although'>

async function withPin({ hsm, folder }: SealPlace, wanted: Wanted, data: Uint8Array): Promise<Result<TokenAnswer, KeeperRefusal>> {
  if (!hsm)
    return refuse('seal.hsm_not_set', 'No HSM is in the settings: CLAVIGER_PKCS11_MODULE, CLAVIGER_PKCS11_TOKEN and a file with its PIN.')
  const pin = hsm.pin()
  if (!pin.ok) return refuse('seal.hsm_pin', pin.error)
  try {
    return await onceFor(hsm, folder, pin.value, wanted, data)
  } finally {
    pin.value.wipe()
  }
}

/** A PIN that was refused is not given again, and one of which nobody knows what became of it a few times at most: tokens lock for good. */
async function onceFor(
  hsm: HsmPlace,
  folder: KeeperFolder,
  pin: Secret,
  wanted: Wanted,
  data: Uint8Array,
): Promise<Result<TokenAnswer, KeeperRefusal>> {
  const mark = await pinMark(folder, pin)
  if (mark.why) return refuse('seal.hsm_pin', mark.why === 'refused' ? refusedBefore(hsm) : unsureBefore(hsm, folder))
  mark.trying()
  const asked = await askToken(hsm, pin, { ...wanted, although: mark.another }, data)
  if (asked.ok || asked.error.pin === 'accepted') mark.accepted()
  else if (asked.error.pin === 'kept') mark.kept()
  else if (asked.error.fault === 'pin_wrong' || asked.error.fault === 'pin_locked') mark.refused()
  return asked.ok ? asked : fail(tokenRefusal(asked.error, hsm, wanted.serial))
}

const refusedBefore = ({ token, pinIn }: HsmPlace): string =>
  `The token "${token}" refused the PIN in ${pinIn}, and it is not given a second time, because tokens lock. Put the right one there: it is noticed within a minute.`
const unsureBefore = ({ token, pinIn }: HsmPlace, folder: KeeperFolder): string =>
  `The token "${token}" did not answer when it was given the PIN in ${pinIn}, three times, and may have counted them. Log in to it once with its own tool; then remove ${folder.path(pinMarkFile)}: it is noticed within a minute.`
