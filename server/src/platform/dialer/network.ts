import { BlockList } from 'node:net'
import { type Address, parseAddress } from './address.ts'

/** A range of addresses. */
export interface Network {
  cidr: string
  contains(address: Address): boolean
}

/**
 * Parses `10.0.0.0/8`, `2001:db8::/32` or a single address; undefined when it is none. A range that lies within
 * `::ffff:0:0/96` is the IPv4 range that it maps, so that both spellings mean the same.
 */
export function parseNetwork(cidr: string): Network | undefined {
  const [base, length, ...more] = cidr.split('/')
  const address = parseAddress(base ?? '')
  if (!address || more.length > 0 || cidr.includes('%')) return undefined
  const spelledAsV6 = (base ?? '').includes(':')
  const whole = spelledAsV6 ? 128 : 32
  if (length !== undefined && !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined
  let prefix = length === undefined ? whole : Number(length)
  if (prefix > whole) return undefined
  if (address.family === 'ipv4' && spelledAsV6) {
    if (prefix < 96) return undefined // half IPv4, half not: nobody means that
    prefix -= 96
  }
  const list = new BlockList()
  list.addSubnet(address.text, prefix, address.family)
  return { cidr, contains: (other) => other.family === address.family && list.check(other.text, other.family) }
}

/** For networks that stand in our own source. */
export function networks(...cidrs: string[]): readonly Network[] {
  return cidrs.map((cidr) => {
    const network = parseNetwork(cidr)
    if (!network) throw new TypeError(`${cidr} is no network`)
    return network
  })
}

export const anyContains = (list: readonly Network[], address: Address): boolean => list.some((network) => network.contains(address))
