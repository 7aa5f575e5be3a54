import { endianness } from 'node:os'

/** The two ends of a connection, as a socket names them. */
export interface Ends {
  local: { address: string; port: number }
  remote: { address: string; port: number }
}

/** Kernel timer 1: sent data that nobody acknowledged is sent again. 4 asks a peer that is there whether it has room; 2 is keep-alive. */
const resendTimer = '01'

/**
 * What was sent on a connection and not acknowledged by the other end, and how often the kernel has sent it again, from Linux' table of TCP
 * connections (/proc/net/tcp and tcp6; the kernel's "proc_net_tcp" describes its columns). Undefined: nothing, or there is no such connection.
 */
export function unacknowledged(table: string, { local, remote }: Ends): { bytes: number; resent: number } | undefined {
  const ends = `${place(local)} ${place(remote)} `
  const at = table.indexOf(ends)
  if (at < 0) return undefined
  const [, , , queues = '', timer = '', count = ''] = table.slice(at, table.indexOf('\n', at)).split(/ +/)
  const bytes = Number.parseInt(queues, 16)
  if (!(bytes > 0)) return undefined
  return { bytes, resent: timer.startsWith(`${resendTimer}:`) ? Number.parseInt(count, 16) : 0 }
}

const place = ({ address, port }: Ends['local']): string => `${hexWords(address)}:${port.toString(16).padStart(4, '0').toUpperCase()}`

/** An address as the kernel prints it: words of 32 bits, each as this machine keeps it. */
function hexWords(address: string): string {
  const bytes = address.includes(':') ? ipv6Bytes(address) : address.split('.').map(Number)
  const words = []
  for (let at = 0; at < bytes.length; at += 4) {
    const word = bytes.slice(at, at + 4)
    words.push(...(endianness() === 'LE' ? word.reverse() : word))
  }
  return words.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('')
}

function ipv6Bytes(address: string): number[] {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const between = Array.from({ length: tail === undefined ? 0 : 8 - before.length - after.length }, () => 0)
  return [...before, ...between, ...after].flatMap((group) => [group >> 8, group & 255])
}
