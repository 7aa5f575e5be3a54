/** A security identifier as text, [MS-DTYP] 2.4.2: `S-1-5-21-…-512` from its bytes; undefined for anything else. */
export function sidText(bytes: Buffer): string | undefined {
  const count = bytes[1]
  if (bytes[0] !== 1 || count === undefined || count > 15 || bytes.length !== 8 + 4 * count) return undefined
  const parts = Array.from({ length: count }, (_, at) => bytes.readUInt32LE(8 + 4 * at))
  return ['S-1', bytes.readUIntBE(2, 6), ...parts].join('-')
}

/** The last part, which numbers accounts and groups within their domain. */
export const ridOf = (sid: string): number => Number(sid.slice(sid.lastIndexOf('-') + 1))
