/** No refusal of what somebody wants, but the question that their passkey answers: `challenge`, `rpId` and `credentials` are its facts. */
export const passkeyAsked = 'factor.passkey_asked'

export type ShownFactor = 'totp' | 'passkey'

/** By what a second factor that comes where a code comes is shown. */
export const factorShownBy = (code: string): ShownFactor => (code.startsWith('passkey') ? 'passkey' : 'totp')
