import { z } from 'zod'
import type { Result } from '../kernel/result.ts'
import { Secret } from '../kernel/secret.ts'
import { sameBytes, sha256 } from '../platform/crypto/hash.ts'
import { holdForTurn, listenLocally, type Server, type Socket } from '../platform/local-socket/local-socket.ts'
import { Connections } from './connections.ts'
import { type KeeperRefusal, type LifeOperation, type Operation, operations, type Role, roles } from './contract.ts'
import type { KeeperLife } from './life.ts'
import type { CallOf, LifeCall } from './operations/handler.ts'
import { handlers, lifeHandlers } from './operations/handlers.ts'
import { sealedSentence } from './operations/status.ts'
import { whyNothingOpens } from './refuse.ts'
import { encodeFrame, FrameReader, longestHello } from './wire/frames.ts'
import { type Line, type LineLimits, lineKeeper, usualLimits } from './wire/strangers.ts'

const hello = z.strictObject({ role: z.enum(roles), token: z.string().max(128) })
const request = z.strictObject({ call: z.int(), operation: z.string().max(40), args: z.unknown() })

/**
 * What still answers when the ledger is not what we signed: enough to say so, at the SSH door as well, and to acknowledge it. Nothing is signed meanwhile: a
 * checkpoint over what was put back would be a second root for one size, and after the next start the difference would be forgotten.
 */
const whenDiverged: readonly Operation[] = [
  'status',
  'acknowledge',
  'setupToken',
  'gatewayHostKey',
  'gatewayCertificate',
  'follow',
  'seal',
  'doorsClosed',
]

/** What still answers while the seal closes: enough to end what runs in order. */
const whenClosing: readonly Operation[] = [
  'status',
  'setupToken',
  'doorsClosed',
  'append',
  'follow',
  'signed',
  'vouch',
  'attest',
  'signManifest',
  // of a rotation that runs: the credential on the target and the one in the vault shall be the same
  'managerSecret',
  'rotationSecret',
  'promote',
]

export interface KeeperServerDeps {
  life: KeeperLife
  /** SHA-256, hex, of the token that lies beside the data for its owner. */
  hostToken?: string | undefined
  /** SHA-256 of the token of each role, hex. */
  roleTokens: Readonly<Record<Role, string>>
  log: (line: string) => void
  limits?: Partial<LineLimits>
}

/** Listens on the socket; each connection says who it is first and is closed when that is not true. */
export async function serveKeeper(path: string, deps: KeeperServerDeps): Promise<Server> {
  const connections = new Connections(deps.life)
  const lines = lineKeeper({ ...usualLimits, ...deps.limits })
  return await listenLocally(path, 0o666, (socket) => serve(socket, lines(socket), deps, connections))
}

function serve(socket: Socket, line: Line, deps: KeeperServerDeps, connections: Connections): void {
  const reader = new FrameReader(longestHello)
  let role: Role | undefined
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes) => {
    const frames = reader.push(bytes)
    if (!frames.ok) {
      deps.log(`a connection sent ${frames.error} and was closed`)
      socket.destroy()
      return
    }
    for (const frame of frames.value) {
      if (role === undefined) {
        role = greet(socket, frame.json, deps)
        if (role === undefined) return
        line.known()
        connections.add(socket, role)
      } else void answer(socket, role, frame.json, frame.payload, deps, connections)
    }
    line.heard(frames.value.length, reader.partial)
  })
}

function greet(socket: Socket, json: unknown, { roleTokens, log }: KeeperServerDeps): Role | undefined {
  const parsed = hello.safeParse(json)
  if (!parsed.success || !sameBytes(sha256(parsed.data.token), Buffer.from(roleTokens[parsed.data.role], 'hex'))) {
    log('a connection could not say who it is and was closed')
    socket.destroy()
    return undefined
  }
  return parsed.data.role
}

async function answer(
  socket: Socket,
  role: Role,
  json: unknown,
  payload: Buffer,
  deps: KeeperServerDeps,
  connections: Connections,
): Promise<void> {
  const asked = request.safeParse(json)
  if (!asked.success) {
    socket.destroy()
    return
  }
  const { call } = asked.data
  const secret = new Secret(payload)
  const doors = { closeDoors: () => connections.closeDoors(), doorClosed: () => connections.doorsClosed(socket) }
  const result = await run(role, asked.data.operation, asked.data.args, secret, { ...deps, ...doors })
  secret.wipe()
  holdForTurn(socket)
  if (!result.ok) {
    socket.write(encodeFrame({ call, ok: false, error: result.error }))
    return
  }
  const { payload: out, ...value } = result.value
  if (out) await out.use('send-over-keeper-socket', (bytes) => writeOut(socket, encodeFrame({ call, ok: true, value }, bytes)))
  else socket.write(encodeFrame({ call, ok: true, value }))
}

/** Writes a frame that holds a secret and wipes it once the kernel has it. */
function writeOut(socket: Socket, frame: Buffer): Promise<void> {
  return new Promise((resolve) => {
    socket.write(frame, () => {
      frame.fill(0)
      resolve()
    })
  })
}

type Answer = Result<Record<string, unknown> & { payload?: Secret }, KeeperRefusal>

type Doors = Pick<LifeCall<'seal'>, 'closeDoors' | 'doorClosed'>

async function run(role: Role, name: string, rawArgs: unknown, payload: Secret, deps: KeeperServerDeps & Doors): Promise<Answer> {
  const no = (code: string, message: string): Answer => ({ ok: false, error: { code, message } })
  if (!Object.hasOwn(operations, name)) return no('keeper.unknown_operation', 'The keeper has no such operation.')
  const operation = operations[name as Operation]
  const { life, log } = deps
  const { opened } = life
  if (!operation.allowed.includes(role)) {
    const why = `a ${role} process asked for an operation that is not its own`
    if (opened) await opened.context.alarm('keeper', name, why).catch(() => log(`ALARM, not recorded: ${name}: ${why}`))
    else log(`ALARM, not recorded while sealed: ${name}: ${why}`)
    return no('keeper.not_allowed', `A ${role} may not ask for ${name}.`)
  }
  const divergence = opened?.context.divergence
  if (divergence !== undefined && !whenDiverged.includes(name as Operation)) return no('keeper.diverged', whyNothingOpens(divergence))
  const args = operation.args.safeParse(rawArgs)
  if (!args.success)
    return no(
      'keeper.malformed',
      `The arguments of ${name} are malformed: ${args.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}`,
    )
  try {
    // the handler of a name takes the arguments of that name: the tables of handlers say so, TypeScript cannot follow it here
    if (Object.hasOwn(lifeHandlers, name)) {
      const handler = lifeHandlers[name as LifeOperation] as (c: LifeCall<LifeOperation>) => Promise<Answer>
      const { hostToken, closeDoors, doorClosed } = deps
      return await handler({ life, role, args: args.data, payload, hostToken, closeDoors, doorClosed } as LifeCall<LifeOperation>)
    }
    if (!opened || (life.state === 'closing' && !whenClosing.includes(name as Operation)))
      return no('keeper.sealed', sealedSentence(await life.status()))
    const handler = handlers[name as Exclude<Operation, LifeOperation>] as (c: CallOf<Operation>) => Promise<Answer>
    const { context, entitle, policies } = opened
    return await life.running(handler({ context, entitle, policies, role, args: args.data, payload } as CallOf<Operation>))
  } catch (error) {
    if (opened && life.opened !== opened) return no('keeper.sealed', sealedSentence(await life.status()))
    log(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}`)
    return no('keeper.failed', 'The keeper could not do this: its log says why. Is its database there?')
  }
}
