/** The first thing that a client says, without a type letter (PostgreSQL docs, "Message Formats"). */
export type FirstPacket =
  | { kind: 'ssl' }
  | { kind: 'gss' }
  | { kind: 'cancel'; processId: number; secret: Uint8Array }
  | { kind: 'startup'; minor: number; parameters: ReadonlyMap<string, string> }
  | { kind: 'version'; major: number; minor: number }

/** The server's own bound, MAX_STARTUP_PACKET_LENGTH. */
export const longestFirstPacket = 10_000
const mostParameters = 100

const codes = { 80877103: 'ssl', 80877104: 'gss' } as const
const cancelCode = 80_877_102

/** `body`: what follows the four bytes of length. Undefined when it is none of them, or names a parameter twice. */
export function readFirstPacket(body: Buffer): FirstPacket | undefined {
  if (body.length < 4) return undefined
  const code = body.readUInt32BE(0)
  if (code === 80_877_103 || code === 80_877_104) return body.length === 4 ? { kind: codes[code] } : undefined
  if (code === cancelCode) {
    if (body.length < 12 || body.length > 8 + 256) return undefined
    return { kind: 'cancel', processId: body.readInt32BE(4), secret: Uint8Array.from(body.subarray(8)) }
  }
  const [major, minor] = [code >>> 16, code & 0xffff]
  if (major !== 3) return { kind: 'version', major, minor }
  const parameters = readPairs(body)
  return parameters && { kind: 'startup', minor, parameters }
}

function readPairs(body: Buffer): Map<string, string> | undefined {
  const texts = body.toString('utf8', 4).split('\0')
  // each text ends with a zero byte, and one more ends the list
  if (texts.length < 2 || texts.pop() !== '' || texts.pop() !== '') return undefined
  if (texts.length % 2 !== 0 || texts.length / 2 > mostParameters) return undefined
  const pairs = new Map<string, string>()
  for (let i = 0; i < texts.length; i += 2) {
    const name = texts[i] as string
    if (name === '' || pairs.has(name)) return undefined
    pairs.set(name, texts[i + 1] as string)
  }
  return pairs
}
