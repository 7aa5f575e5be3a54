/** No letter that is read as another or as a digit (Crockford's base 32). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** `7KQ2-M9XD`, of eight random bytes: forty bits. It names a link for a minute or two, and is no secret. */
export function displayCode(random: Uint8Array): string {
  const letters = [...random.subarray(0, 8)].map((byte) => alphabet[byte & 31])
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`
}

/** As somebody typed it: in small letters, without the dash, with letters that are none of ours. */
export function readDisplayCode(typed: string): string {
  const plain = typed.toUpperCase().replaceAll('-', '').replaceAll('O', '0').replace(/[IL]/g, '1')
  return `${plain.slice(0, 4)}-${plain.slice(4)}`
}
