// protocols/webauthn/index.ts — what an authenticator says when somebody uses a passkey (WebAuthn level 3): bytes in, values out. No keys, no sockets.
export { type AuthenticatorData, readAuthenticatorData } from './authenticator-data.ts'
export { challengeOf } from './client-data.ts'
export { type PasskeyAnswer, passkeyAnswer, readPasskeyAnswer, writePasskeyAnswer } from './passkey-answer.ts'
