import { isIP, SocketAddress } from 'node:net'

/** An IP address in its one canonical spelling. An IPv4 address mapped into IPv6 (`::ffff:10.0.0.1`) is the IPv4 address that it reaches. */
export interface Address {
  text: string
  family: 'ipv4' | 'ipv6'
}

/** Parses an address as text, with or without a zone (`fe80::1%eth0`, which is dropped); undefined for anything else, names included. */
export function parseAddress(text: string): Address | undefined {
  const bare = text.split('%', 1)[0] ?? ''
  const version = isIP(bare)
  if (version === 0) return undefined
  if (version === 4) return { text: bare, family: 'ipv4' }
  const canonical = new SocketAddress({ address: bare, family: 'ipv6' }).address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(canonical)
  return mapped?.[1] ? { text: mapped[1], family: 'ipv4' } : { text: canonical, family: 'ipv6' }
}
