/** Whose numbers begin so, and how long they are: ISO/IEC 7812, as the schemes publish it. In doubt a range stands here. */
const issuers: readonly { from: number; to: number; lengths: readonly [number, number] }[] = [
  { from: 4, to: 4, lengths: [13, 19] }, // Visa
  { from: 51, to: 55, lengths: [16, 16] }, // Mastercard
  { from: 2221, to: 2720, lengths: [16, 16] },
  { from: 34, to: 34, lengths: [15, 15] }, // American Express
  { from: 37, to: 37, lengths: [15, 15] },
  { from: 300, to: 305, lengths: [14, 19] }, // Diners Club
  { from: 3095, to: 3095, lengths: [14, 19] },
  { from: 36, to: 36, lengths: [14, 19] },
  { from: 38, to: 39, lengths: [14, 19] },
  { from: 3528, to: 3589, lengths: [16, 19] }, // JCB
  { from: 50, to: 50, lengths: [13, 19] }, // Maestro, Verve, RuPay
  { from: 56, to: 58, lengths: [13, 19] },
  { from: 6, to: 6, lengths: [13, 19] }, // Discover, UnionPay, Maestro, RuPay, Elo
  { from: 81, to: 82, lengths: [16, 19] }, // UnionPay, RuPay
  { from: 2200, to: 2205, lengths: [16, 19] }, // Mir, Borica
  { from: 9792, to: 9792, lengths: [16, 16] }, // Troy
  { from: 8600, to: 8600, lengths: [16, 16] }, // Uzcard
  { from: 9860, to: 9860, lengths: [16, 16] }, // Humo
  { from: 1, to: 1, lengths: [15, 15] }, // UATP
]

export const shortest = 13
export const longest = 19
const longestPrefix = 4

/** For every beginning of one to four digits: lengths that a number with it may have, as bits. A shorter beginning has those of all that go on from it. */
const byPrefix = new Map<number, number>()
for (const { from, to, lengths } of issuers) {
  let bits = 0
  for (let length = lengths[0]; length <= lengths[1]; length++) bits |= 1 << length
  const width = String(from).length
  for (let digits = 1; digits <= longestPrefix; digits++) {
    const scale = 10 ** Math.abs(digits - width)
    const [low, high] = digits >= width ? [from * scale, (to + 1) * scale - 1] : [Math.floor(from / scale), Math.floor(to / scale)]
    for (let prefix = low; prefix <= high; prefix++) byPrefix.set(key(prefix, digits), (byPrefix.get(key(prefix, digits)) ?? 0) | bits)
  }
}

function key(prefix: number, digits: number): number {
  return digits * 10_000 + prefix
}

/** Lengths of the numbers that begin as these digits do from `at`, as bits; 0 where nobody's do. */
function lengthsOf(digits: readonly number[], at: number): number {
  let prefix = 0
  const end = Math.min(digits.length, at + longestPrefix)
  for (let i = at; i < end; i++) prefix = prefix * 10 + (digits[i] as number)
  return byPrefix.get(key(prefix, end - at)) ?? 0
}

/** Whether a card number may begin at `at`, of which what comes later is not known yet. */
export function mayBegin(digits: readonly number[], at: number): boolean {
  const known = digits.length - at
  return known > 0 && known < longest && lengthsOf(digits, at) >>> (known + 1) !== 0
}

/** Whether so many digits from `at` are a card number: an issuer's beginning, a length of theirs, and the right check digit (Luhn). */
export function isCardNumber(digits: readonly number[], at: number, length: number): boolean {
  if ((lengthsOf(digits, at) & (1 << length)) === 0) return false
  let sum = 0
  for (let i = 0; i < length; i++) {
    const digit = digits[at + length - 1 - i] as number
    const counted = i % 2 === 0 ? digit : digit * 2
    sum += counted > 9 ? counted - 9 : counted
  }
  return sum % 10 === 0
}
