import type pkcs11js from 'pkcs11js'
import { end, giveBytes, readAsk, say as sayLine } from '../errand/kit.ts'
import type { TokenAsk, TokenFault, TokenLine } from './wire.ts'

/*
 * The program that loads somebody else's PKCS#11 module, for one operation, and ends. Such modules crash, hang and print; here that costs nobody
 * else anything. It is copied out of the clone, with what it imports.
 */

type P11 = pkcs11js.PKCS11
type Consts = typeof pkcs11js
/** A refusal of ours, with what to say. */
class Fault extends Error {
  readonly fault: TokenFault
  constructor(fault: TokenFault, detail = '') {
    super(detail)
    this.fault = fault
  }
}

const tagBits = 128
const say = (line: TokenLine) => sayLine(line)

async function load(module: string): Promise<[Consts, P11]> {
  const loaded = await import('pkcs11js').catch((error: Error) => {
    throw new Fault('no_binding', error.message.split('\n')[0])
  })
  const p11 = new loaded.default.PKCS11()
  try {
    p11.load(module)
  } catch (error) {
    throw new Fault('no_module', (error as Error).message)
  }
  return [loaded.default, p11]
}

/** By its name; of several with that name, by its serial number. One with another serial number is not given the PIN. */
function find(p11: P11, { token, serial }: TokenAsk): { slot: Buffer; info: pkcs11js.TokenInfo; serial: string } {
  const there = p11.C_GetSlotList(true).flatMap((slot) => {
    const info = p11.C_GetTokenInfo(slot)
    return info.label.trim() === token ? [{ slot, info, serial: info.serialNumber.trim() }] : []
  })
  const [first, second] = there
  if (!first) throw new Fault('no_token')
  const found = serial === undefined ? first : there.find((t) => t.serial === serial)
  if (!found) throw new Fault('other_token', there.map((t) => t.serial).join(', '))
  if (second && serial === undefined) throw new Fault('two_tokens', there.map((t) => t.serial).join(', '))
  return found
}

/** Asks the token with the PIN. A wrong one is not given twice: tokens lock for good. */
function logIn(c: Consts, p11: P11, session: Buffer, flags: number, pin: Buffer, although: boolean): void {
  if (!(flags & c.CKF_TOKEN_INITIALIZED) || !(flags & c.CKF_USER_PIN_INITIALIZED)) throw new Fault('not_ready')
  if (flags & c.CKF_USER_PIN_LOCKED) throw new Fault('pin_locked')
  if (flags & c.CKF_USER_PIN_FINAL_TRY || (flags & c.CKF_USER_PIN_COUNT_LOW && !although)) throw new Fault('pin_low')
  say({ at: 'login' })
  try {
    // the library wants a string; this process ends right after
    p11.C_Login(session, c.CKU_USER, pin.toString('utf8'))
  } catch (error) {
    const { code } = error as pkcs11js.Pkcs11Error
    if (code === c.CKR_PIN_LOCKED) throw new Fault('pin_locked')
    if ([c.CKR_PIN_INCORRECT, c.CKR_PIN_INVALID, c.CKR_PIN_LEN_RANGE].includes(code)) throw new Fault('pin_wrong')
    throw error
  }
  say({ at: 'in' })
}

const gcm = (c: Consts, iv: Buffer, aad: Buffer) => ({
  mechanism: c.CKM_AES_GCM,
  parameter: { type: c.CK_PARAMS_AES_GCM_v240, iv, aad, ivBits: iv.length * 8, tagBits },
})

function decrypt(c: Consts, p11: P11, session: Buffer, key: Buffer, iv: Buffer, aad: Buffer, wrapped: Buffer): Buffer {
  try {
    p11.C_DecryptInit(session, gcm(c, iv, aad), key)
    return p11.C_Decrypt(session, wrapped, Buffer.alloc(wrapped.length + 16))
  } catch (error) {
    if (isAway(c, error)) throw error
    throw new Fault('does_not_open', (error as Error).message)
  }
}

/** A new key that never leaves the token, and the data under it. */
function make(c: Consts, p11: P11, session: Buffer, ask: TokenAsk, data: Buffer): { iv: Buffer; bytes: Buffer } {
  const { CKA_SENSITIVE, CKA_EXTRACTABLE, CKA_NEVER_EXTRACTABLE } = c
  const yes = [c.CKA_TOKEN, c.CKA_PRIVATE, CKA_SENSITIVE, c.CKA_ENCRYPT, c.CKA_DECRYPT]
  const no = [CKA_EXTRACTABLE, c.CKA_WRAP, c.CKA_UNWRAP, c.CKA_SIGN, c.CKA_VERIFY]
  const key = p11.C_GenerateKey(session, { mechanism: c.CKM_AES_KEY_GEN }, [
    { type: c.CKA_CLASS, value: c.CKO_SECRET_KEY },
    { type: c.CKA_KEY_TYPE, value: c.CKK_AES },
    { type: c.CKA_VALUE_LEN, value: 32 },
    { type: c.CKA_LABEL, value: `claviger root seal ${ask.key.slice(0, 8)}` },
    { type: c.CKA_ID, value: Buffer.from(ask.key, 'hex') },
    ...yes.map((type) => ({ type, value: true })),
    ...no.map((type) => ({ type, value: false })),
  ])
  try {
    const wanted = [CKA_SENSITIVE, CKA_EXTRACTABLE, CKA_NEVER_EXTRACTABLE]
    const has = p11.C_GetAttributeValue(
      session,
      key,
      wanted.map((type) => ({ type })),
    )
    const [sensitive, extractable, never] = has.map(({ value }) => (value as Buffer)[0] === 1)
    if (!sensitive || extractable || !never) throw new Fault('extractable')
    const aad = Buffer.from(ask.associated, 'hex')
    const iv = p11.C_GenerateRandom(session, Buffer.alloc(12))
    p11.C_EncryptInit(session, gcm(c, iv, aad), key)
    const bytes = p11.C_Encrypt(session, data, Buffer.alloc(data.length + 32))
    const back = decrypt(c, p11, session, key, iv, aad, bytes)
    const same = back.equals(data)
    back.fill(0)
    if (!same) throw new Fault('does_not_open')
    return { iv, bytes }
  } catch (error) {
    p11.C_DestroyObject(session, key)
    throw error
  }
}

function open(c: Consts, p11: P11, session: Buffer, ask: TokenAsk, wrapped: Buffer): { iv: Buffer; bytes: Buffer } {
  const iv = Buffer.from(ask.iv ?? '', 'hex')
  p11.C_FindObjectsInit(session, [
    { type: c.CKA_CLASS, value: c.CKO_SECRET_KEY },
    { type: c.CKA_ID, value: Buffer.from(ask.key, 'hex') },
  ])
  const [key] = p11.C_FindObjects(session, 1)
  p11.C_FindObjectsFinal(session)
  if (!key) throw new Fault('no_key')
  return { iv, bytes: decrypt(c, p11, session, key, iv, Buffer.from(ask.associated, 'hex'), wrapped) }
}

const isAway = (c: Consts, error: unknown): boolean => {
  const { code } = error as pkcs11js.Pkcs11Error
  return [c.CKR_DEVICE_ERROR, c.CKR_DEVICE_REMOVED, c.CKR_TOKEN_NOT_PRESENT, c.CKR_TOKEN_NOT_RECOGNIZED, c.CKR_SESSION_CLOSED].includes(
    code,
  )
}

function answer(c: Consts, p11: P11, ask: TokenAsk, pin: Buffer, data: Buffer): void {
  try {
    p11.C_Initialize()
    const token = find(p11, ask)
    const session = p11.C_OpenSession(token.slot, c.CKF_SERIAL_SESSION | (ask.do === 'make' ? c.CKF_RW_SESSION : 0))
    logIn(c, p11, session, token.info.flags, pin, ask.although)
    const { iv, bytes } = ask.do === 'make' ? make(c, p11, session, ask, data) : open(c, p11, session, ask, data)
    say({ ok: true, serial: token.serial, iv: iv.toString('hex') })
    giveBytes(bytes)
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault(isAway(c, error) ? 'away' : 'refused', (error as Error).message)
  }
}

const { ask, parts } = readAsk<TokenAsk>()
const [pin = Buffer.alloc(0), data = Buffer.alloc(0)] = parts
let p11: P11 | undefined
try {
  const [constants, loaded] = await load(ask.module)
  p11 = loaded
  answer(constants, p11, ask, pin, data)
} catch (error) {
  const { fault, message } = error instanceof Fault ? error : new Fault('refused', (error as Error).message)
  say({ ok: false, fault, detail: message.slice(0, 200) })
}
end(parts, () => p11?.C_Finalize())
