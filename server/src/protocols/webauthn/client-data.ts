/** A browser's is about 150 bytes. */
export const longestClientData = 1024

const base64url = /^[A-Za-z0-9_-]+$/

/**
 * The challenge that a browser says was signed, when it says so for an assertion on a page of exactly this origin and not inside a page of
 * somebody else; undefined for anything else. No JSON is parsed: browsers write these members first and in this order, so that they can be
 * compared as bytes (WebAuthn section 5.8.1.2, the limited verification algorithm). Older ones leave `crossOrigin` out.
 */
export function challengeOf(clientData: Uint8Array, origin: string): string | undefined {
  if (clientData.length > longestClientData) return undefined
  const text = Buffer.from(clientData.buffer, clientData.byteOffset, clientData.length).toString('latin1')
  const begin = '{"type":"webauthn.get","challenge":"'
  if (!text.startsWith(begin)) return undefined
  const end = text.indexOf('"', begin.length)
  const challenge = text.slice(begin.length, end)
  if (end < 0 || !base64url.test(challenge)) return undefined
  const at = `","origin":"${origin}"`
  if (!text.startsWith(at, end)) return undefined
  const behind = text.slice(end + at.length)
  const alone = ',"crossOrigin":false'
  const more = behind.startsWith(alone) ? behind.slice(alone.length) : behind
  // what browsers may add one day stands behind, and says nothing of these two again
  const closed = more === '}' || (more.startsWith(',"') && more.endsWith('}'))
  return closed && !/crossOrigin|topOrigin|\\/.test(more) ? challenge : undefined
}
