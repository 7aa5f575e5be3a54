import { z } from 'zod'

/** Bounded text, ids and times that several operations use. Every schema here has a largest size. */
export const id = <P extends string>(prefix: P) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[a-z0-9]{10}$`), `must be a ${prefix}_… id`)
    .meta({ examples: [`${prefix}_4f9k2m7q1x`] })
export const time = z.iso.datetime().meta({ examples: ['2026-01-15T09:30:00.000Z'] })
/** Account and target names hold no `@`, so that `person@account@target` can be read from the right. */
export const shortName = z
  .string()
  .regex(/^[A-Za-z0-9._$\\-]{1,64}$/, 'letters, digits and . _ $ \\ - only, at most 64')
  .meta({ description: 'The name of an account or target', examples: ['deploy'] })
/** How people sign in: may hold `@`. */
export const personName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._@+-]{0,126}$/, 'lower-case letters, digits and . _ @ + - only, at most 127')
  .meta({ description: 'How somebody signs in', examples: ['alice'] })
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    // nor half a character, which the database would keep as another one: the row would not be what was attested
    .regex(/^[^\u0000-\u001f\u007f\ud800-\udfff]*$/u, 'one line without control characters')
/** How an ITSM system names a ticket. It holds a digit, so that `none` and `n/a` are no tickets. The keeper asks the same. */
export const itsmTicket = z
  .string()
  .max(64)
  .regex(/^(?=.*[0-9])[A-Za-z0-9#][A-Za-z0-9._#:/-]{0,63}$/, 'a ticket such as CHG0012345, INC-7 or OPS/42: with a digit, without spaces')
  .meta({ description: 'An ITSM ticket, as the ITSM system names it', examples: ['CHG0012345'] })
/** `20s`, `45m`, `4h`, `1h30m`. */
export const duration = z
  .string()
  .regex(/^(\d{1,6}[smhd]){1,4}$/, 'a duration such as 45m or 1h30m')
  .meta({ description: 'How long: 20s, 45m, 4h, 1h30m', examples: ['1h30m'] })
/** A six-digit TOTP code (RFC 6238). Accepted once. */
export const sixDigits = z
  .string()
  .regex(/^\d{6}$/, 'the six digits that your authenticator shows')
  .meta({ description: 'The six digits that an authenticator shows (RFC 6238). Each is accepted once', examples: ['492039'] })
/**
 * A second factor that is shown now: the six digits of an authenticator, or what a passkey answered to a challenge for exactly this. `passkey` asks
 * for that challenge: nothing is done, and the refusal `factor.passkey_asked` has it.
 */
export const code = z
  .string()
  .max(4000)
  .regex(
    /^(\d{6}|passkey(\.[A-Za-z0-9_-]{16,1364}\.[A-Za-z0-9_-]{50}(\.[A-Za-z0-9_-]{1,1366}){2})?)$/,
    'the six digits that your authenticator shows',
  )
  .meta({
    description:
      'The six digits that an authenticator shows (RFC 6238), accepted once. Or `passkey`: nothing is done, and the refusal `factor.passkey_asked` has a challenge for exactly this request; sent again with `passkey.CREDENTIAL.AUTHENTICATOR-DATA.CLIENT-DATA.SIGNATURE` (base64url) within two minutes, it is done',
    examples: ['492039', 'passkey'],
  })
export const password = z.string().min(1).max(256)
export const newPassword = z.string().min(12, 'at least 12 characters').max(256)
export const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest in hex')
  .meta({ description: 'SHA-256 in hex' })
export const tier = z.int().min(0).max(3).meta({ description: '0 critical, 1 high, 2 standard, 3 low' })
/** What a target holds beside its tier: card data, health data. */
export const scope = z.enum(['pci', 'phi'])
export const environment = z.enum(['production', 'staging', 'development', 'lab'])
export const group = z.enum(['engineers', 'approvers', 'security', 'auditors', 'administrators'])
export const category = z.enum(['domain-admin', 'local-admin', 'service', 'database', 'cloud-iam', 'network-device', 'application'])
export const publicKeyLine = z.string().trim().min(20).max(16_384)

/** Every refusal looks like this: a code for machines that never changes, a sentence for people that says what to do. */
export const refusal = z.strictObject({
  code: z.string().max(64),
  message: z.string().max(1000),
  /** Which field was refused and why, for malformed input. */
  issues: z.array(z.string().max(300)).max(50).optional(),
  /** What a passkey is asked, with the code `factor.passkey_asked`: for `navigator.credentials.get`. */
  passkey: z
    .strictObject({ challenge: z.string().max(128), rpId: z.string().max(253), credentials: z.array(z.string().max(1364)).max(20) })
    .optional(),
  /** What the server's log knows it by. */
  requestId: z.string().max(64).optional(),
})
export type RefusalBody = z.infer<typeof refusal>

/** A step-up: a fresh code, given for exactly this act. Left out only with the one-time setup token. */
export const stepUp = { code: code.optional() }
export const done = z.strictObject({ ok: z.literal(true) })
export const page = {
  after: z.string().max(64).optional().meta({ description: 'Go on behind this one' }),
  limit: z.coerce.number().int().min(1).max(500).default(100).meta({ description: 'At most so many' }),
}
