import { networkInterfaces } from 'node:os'
import { type Address, parseAddress } from './address.ts'
import { anyContains, type Network, networks, parseNetwork } from './network.ts'

/** Where connections may go. `ports` absent: any port. */
export interface AllowedNetwork {
  cidr: string
  ports?: readonly number[]
}

export interface Listener {
  /** An address, `localhost`, or `0.0.0.0` and `::` for all of this machine's. */
  host: string
  port: number
}

export interface DialerRules {
  allow: readonly AllowedNetwork[]
  /** Our own doors: a target that points at one of them would let Claviger talk to itself with a credential in hand. */
  ownListeners: readonly Listener[]
  /** The lab's targets are on loopback; nowhere else is a target of that kind. */
  lab: boolean
}

const loopback = networks('127.0.0.0/8', '::1')
const unspecified = networks('0.0.0.0/8', '::')

/** Refused whatever the configuration says. The metadata services of clouds hand out credentials to whoever asks. */
const never: readonly { what: string; in: readonly Network[] }[] = [
  { what: 'a cloud metadata address', in: networks('169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '168.63.129.16', '192.0.0.192') },
  { what: 'a link-local address', in: networks('169.254.0.0/16', 'fe80::/10') },
  { what: 'the unspecified address', in: unspecified },
  { what: 'a multicast or reserved address', in: networks('224.0.0.0/3', 'ff00::/8') },
  // An IPv4 address hides in them, which a translator between here and there would reach past our rules.
  { what: 'an IPv6 transition address', in: networks('::/96', '64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/32') },
]

/** Why no connection may go there, in words that say what to change; undefined when it may. */
export function createRules({ allow, ownListeners, lab }: DialerRules): (address: Address, port: number) => string | undefined {
  const allowed = allow.map(({ cidr, ports }) => {
    const network = parseNetwork(cidr)
    if (!network) throw new TypeError(`${cidr} is no network`) // the configuration's schema refuses it before
    return { network, ports: ports && new Set(ports) }
  })
  return (address, port) => {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) return `${port} is no port`
    const isLoopback = anyContains(loopback, address)
    const forbidden = isLoopback ? undefined : never.find((range) => anyContains(range.in, address))
    if (forbidden) return `${address.text} is ${forbidden.what}, and no target is reached there`
    if (isLoopback && !lab) return `${address.text} is a loopback address, which only the lab reaches`
    if (ownListeners.some((own) => own.port === port && isSame(own.host, address))) return `${address.text}:${port} is Claviger itself`
    if (!allowed.some(({ network, ports }) => network.contains(address) && (ports?.has(port) ?? true))) {
      return `${address.text}:${port} is in no allowed network; an administrator can allow it`
    }
    return undefined
  }
}

function isSame(listener: string, address: Address): boolean {
  if (listener === 'localhost') return anyContains(loopback, address)
  const own = parseAddress(listener)
  if (!own) return false
  return anyContains(unspecified, own) ? isOfThisMachine(address) : own.text === address.text
}

/** Read each time: interfaces come and go. */
function isOfThisMachine(address: Address): boolean {
  if (anyContains(loopback, address)) return true
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return own.some((entry) => parseAddress(entry.address)?.text === address.text)
}
