/** What a passkey answered to a challenge, as it goes where a code goes. */
export interface PasskeyAnswer {
  /** Of the credential, base64url. */
  credential: string
  authenticatorData: Uint8Array
  clientData: Uint8Array
  signature: Uint8Array
}

const word = 'passkey'

/** `passkey.CREDENTIAL.AUTHENTICATOR-DATA.CLIENT-DATA.SIGNATURE`, each base64url: at most 1,023 bytes, 37, 1,024 and 525. */
export const passkeyAnswer = /^passkey\.[A-Za-z0-9_-]{16,1364}\.[A-Za-z0-9_-]{50}\.[A-Za-z0-9_-]{1,1366}\.[A-Za-z0-9_-]{1,700}$/

export function readPasskeyAnswer(text: string): PasskeyAnswer | undefined {
  if (!passkeyAnswer.test(text)) return undefined
  const [, credential = '', ...parts] = text.split('.')
  const [authenticatorData, clientData, signature] = parts.map((part) => Buffer.from(part, 'base64url'))
  if (!authenticatorData || !clientData || !signature) return undefined
  const answer = { credential, authenticatorData, clientData, signature }
  // one text for one answer: bits that mean nothing are nothing
  return writePasskeyAnswer(answer) === text ? answer : undefined
}

const encoded = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url')

export const writePasskeyAnswer = ({ credential, authenticatorData, clientData, signature }: PasskeyAnswer): string =>
  [word, credential, encoded(authenticatorData), encoded(clientData), encoded(signature)].join('.')
