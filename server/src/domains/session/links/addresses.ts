/** Of `ip:port`, one name for one machine: an IPv4 address that came in by IPv6 is the same, and loopback is loopback. */
export function addressOf(source: string): string {
  const address = source.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  return oneAddress(address)
}

export function oneAddress(address: string): string {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
  return plain === '::1' || /^127\./.test(plain) ? 'loopback' : plain
}
