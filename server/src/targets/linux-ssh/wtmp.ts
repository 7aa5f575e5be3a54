/*
 * wtmp as glibc writes it (utmp(5)): records of one size, which differs between architectures. Only sessions with a terminal are in it: sshd writes
 * none for a command without one.
 */

/** One login with a terminal. */
export interface TerminalLogin {
  account: string
  /** An address, a name where the host wrote one, or `local`. */
  address: string
  /** `pts/0`, `tty1`. */
  line: string
  at: Date
}

interface Layout {
  size: number
  seconds: number
  wide: boolean
  address: number
}

/** struct utmp with times of 32 bits (`__WORDSIZE_TIME64_COMPAT32`), and with times of 64. */
const narrow: Layout = { size: 384, seconds: 340, wide: false, address: 348 }
const wide: Layout = { size: 400, seconds: 344, wide: true, address: 360 }
/** By `uname -m`. Only those of which we know the layout, and which have the low byte first. */
const layouts: Readonly<Record<string, Layout>> = { x86_64: narrow, i686: narrow, i586: narrow, aarch64: wide }

/** A piece of the file's end is cut so that it begins with a record of either size. */
export const wtmpTail = 160 * 9_600

const userProcess = 7

/** Undefined where we do not know how this machine writes it. A record that is none is passed over. */
export function readWtmp(bytes: Buffer, machine: string): TerminalLogin[] | undefined {
  const layout = Object.hasOwn(layouts, machine) ? layouts[machine] : undefined
  if (!layout) return undefined
  const logins: TerminalLogin[] = []
  for (let at = 0; at + layout.size <= bytes.length; at += layout.size) {
    const record = bytes.subarray(at, at + layout.size)
    const account = textOf(record.subarray(44, 76))
    const line = textOf(record.subarray(8, 40))
    const seconds = layout.wide ? Number(record.readBigInt64LE(layout.seconds)) : record.readUInt32LE(layout.seconds)
    if (record.readInt16LE(0) !== userProcess || account === '' || !(seconds > 0 && seconds < 2 ** 33)) continue
    const address = addressOf(record.subarray(layout.address, layout.address + 16), textOf(record.subarray(76, 332)))
    logins.push({ account, address, line, at: new Date(seconds * 1000) })
  }
  return logins
}

/** Up to the first zero, and nothing where a letter is not printable ASCII. */
function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  const text = bytes.subarray(0, end < 0 ? bytes.length : end).toString('latin1')
  return /^[\x21-\x7e]*$/.test(text) ? text : ''
}

/** The address is what the kernel said; the name beside it is what a resolver, or a display, did. */
function addressOf(bytes: Buffer, name: string): string {
  if (bytes.subarray(4).every((byte) => byte === 0)) {
    if (bytes.readUInt32BE(0) !== 0) return [...bytes.subarray(0, 4)].join('.')
    return name === '' || name.startsWith(':') ? 'local' : name
  }
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff
  return mapped ? [...bytes.subarray(12)].join('.') : ipv6(bytes)
}

/** RFC 5952: the longest run of zeros, of two or more, is left out. */
function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16))
  const runs = groups.map((_, from) => groups.slice(from).findIndex((g) => g !== '0')).map((n, from) => (n < 0 ? 8 - from : n))
  const longest = Math.max(...runs)
  if (longest < 2) return groups.join(':')
  const from = runs.indexOf(longest)
  return `${groups.slice(0, from).join(':')}::${groups.slice(from + longest).join(':')}`
}
