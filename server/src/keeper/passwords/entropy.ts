/**
 * How many passwords of this length there are that have a character of each class, as bits: what somebody who knows the rule has to try. By
 * inclusion and exclusion over the classes that a password might lack. Passwords that are thrown away for a word in them are less than a bit.
 *
 * @param classes the characters of each class, which share none
 */
export function bitsOf(length: number, classes: readonly string[]): number {
  const all = classes.reduce((n, c) => n + c.length, 0)
  let count = 0n
  for (let lacking = 0; lacking < 1 << classes.length; lacking++) {
    const left = classes.reduce((n, c, i) => (lacking & (1 << i) ? n - c.length : n), all)
    const odd = [...lacking.toString(2)].filter((bit) => bit === '1').length % 2 === 1
    const without = BigInt(left) ** BigInt(length)
    count = odd ? count - without : count + without
  }
  return log2(count)
}

function log2(n: bigint): number {
  if (n <= 0n) return 0
  const digits = n.toString(2).length
  // a number of JavaScript holds the first 53 digits; the others count as places
  const shift = Math.max(0, digits - 53)
  return Math.log2(Number(n >> BigInt(shift))) + shift
}
