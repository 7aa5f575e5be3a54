import { lookup } from 'node:dns/promises'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { type Address, parseAddress } from './address.ts'
import { createRules, type DialerRules } from './rules.ts'

export type DialFailure = { code: 'target.unreachable'; detail: string }

/**
 * Opens a TCP connection to a target. The only way out: every connection to a target goes through here.
 * The socket has a silent `error` listener, so that a connection that breaks before its owner listens ends no process.
 */
export type Dialer = (host: string, port: number) => Promise<Result<Socket, DialFailure>>

const patience = 10_000

/** `resolve` is for tests: it answers all addresses of a name. */
export function createDialer(rules: DialerRules, resolve: (name: string) => Promise<string[]> = resolveName): Dialer {
  const refusalOf = createRules(rules)
  return async (host, port) => {
    const until = AbortSignal.timeout(patience)
    const found = await addressesOf(host, resolve, until)
    if (!found.ok) return found
    // Resolved once: what was checked is what we connect to, so that a name cannot change its mind in between.
    const refusals = found.value.map((address) => ({ address, refusal: refusalOf(address, port) }))
    const allowed = refusals.find((one) => one.refusal === undefined)
    return allowed ? open(allowed.address, port, until) : unreachable(refusals[0]?.refusal ?? `${host} has no address`)
  }
}

async function addressesOf(
  host: string,
  resolve: (name: string) => Promise<string[]>,
  until: AbortSignal,
): Promise<Result<Address[], DialFailure>> {
  const literal = parseAddress(host)
  if (literal) return ok([literal])
  try {
    const late = sleep(patience, undefined, { signal: until, ref: false }).catch(() => undefined)
    const texts = await Promise.race([resolve(host), late])
    if (!texts) return unreachable(`the name ${host} was not resolved within 10 s`)
    return ok(texts.flatMap((text) => parseAddress(text) ?? []))
  } catch {
    return unreachable(`the name ${host} is not known`)
  }
}

/** getaddrinfo also reads odd spellings of addresses (`127.1`, `0x7f000001`): what it makes of them is checked like any other. */
async function resolveName(name: string): Promise<string[]> {
  return (await lookup(name, { all: true, order: 'verbatim' })).map((entry) => entry.address)
}

/** After so much silence the kernel asks whether anybody is there, and after ten seconds without an answer says no: by itself it waits two hours. */
const silenceMs = 60_000

function open(address: Address, port: number, until: AbortSignal): Promise<Result<Socket, DialFailure>> {
  const place = address.family === 'ipv6' ? `[${address.text}]:${port}` : `${address.text}:${port}`
  return new Promise((resolve) => {
    const socket = connect({
      ...{ host: address.text, port, noDelay: true, autoSelectFamily: false },
      ...{ keepAlive: true, keepAliveInitialDelay: silenceMs },
    })
    const giveUp = (): void => {
      socket.destroy()
      resolve(unreachable(`${place} did not answer within 10 s`))
    }
    const settle = (result: Result<Socket, DialFailure>): void => {
      until.removeEventListener('abort', giveUp)
      resolve(result)
    }
    until.addEventListener('abort', giveUp)
    socket.once('connect', () => settle(ok(socket)))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      settle(unreachable(`${place} ${reasons[error.code ?? ''] ?? `failed (${error.code})`}`)),
    )
  })
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'refuses connections: nothing listens there',
  EHOSTUNREACH: 'cannot be reached: there is no way to that host',
  ENETUNREACH: 'cannot be reached: there is no way to that network',
  ETIMEDOUT: 'did not answer',
  ECONNRESET: 'closed the connection at once',
}

const unreachable = (detail: string): { ok: false; error: DialFailure } => fail({ code: 'target.unreachable', detail })
