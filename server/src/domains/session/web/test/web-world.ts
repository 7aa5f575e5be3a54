import { join } from 'node:path'
import { checkOut } from '@claviger/api'
import WebSocket from 'ws'
import type { Door as Wire } from '../../../../gateways/contract.ts'
import { connectWebDoor, openWebDoor } from '../../../../gateways/web/index.ts'
import { fail } from '../../../../kernel/result.ts'
import { sha256 } from '../../../../platform/crypto/hash.ts'
import { onLean, type SignedIn } from '../../../../platform/http/handler.ts'
import { openHttp } from '../../../../platform/http/server.ts'
import { openLog } from '../../../../platform/log/log.ts'
import { openMysqlConsole, openPostgresConsole } from '../../../../platform/sql-console/index.ts'
import { webRoutes } from '../web.routes.ts'

const person = (name: string): SignedIn =>
  ({ person: `per_${name}`, name, groups: ['engineers'], presence: '', signIn: 'sin_aaaaaaaaaa' }) as never
export const cookies = { alice: 'alice-alice-alice-alice', ben: 'ben-ben-ben-ben-ben-ben' }

type Visit = (line: never, from: string) => void

/** The console's server in front of one door of a gateway: HTTP, the way over the Unix socket, and people that are signed in. */
export async function openWebWorld(given: {
  folder: string
  ca?: string
  heldMs?: number
  doors: Partial<Record<Wire, Visit>>
  places: Record<string, { person: string; account: string; target: string; kind: Wire }>
}) {
  const path = join(given.folder, 'web.sock')
  const quiet = () => {}
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const nowhere: Visit = (line) => (line as { destroy(): void }).destroy()
  const doors = { ssh: nowhere, postgres: nowhere, mysql: nowhere, ...given.doors } as never
  const door = await openWebDoor({ path, tokenHash: sha256('the token').toString('hex'), doors, log })
  const signedOut = new Set<string>()
  const people: Record<string, SignedIn> = { [cookies.alice]: person('alice'), [cookies.ben]: person('ben') }
  const http = await openHttp({
    ...{ host: '127.0.0.1', port: 0, log: openLog('test', 'silent'), console: '/nonexistent' },
    // one that is answered before node:http, as the product has: whatever comes first on a connection is looked at by that
    handlers: [
      onLean(checkOut.readCredential, async () => fail({ http: 404, body: { code: 'test.none', message: 'None.' } })),
      ...webRoutes({
        async placeOf(grant, who) {
          const place = given.places[grant]
          return place && `per_${place.person}` === who ? { ...place, database: null } : undefined
        },
        doorTo: (kind) => kind as Wire,
        connect: (wire, from) => connectWebDoor({ path, token: 'the token' }, wire, from),
        ca: async () => given.ca,
        openSql: { postgres: openPostgresConsole, mysql: openMysqlConsole },
        ...(given.heldMs !== undefined && { heldMs: given.heldMs }),
        log: quiet,
      }),
    ],
    authenticate: async (token) => (signedOut.has(token) ? undefined : people[token]),
    isSetupToken: async () => false,
    ready: async () => ({ ok: true, checks: {} }),
    metrics: async () => '',
  })
  const base = `127.0.0.1:${http.port}`
  return {
    ...{ base, path, signedOut },
    /** What the browser would open; `Browser` collects what comes. */
    open: (grant: string, headers: Record<string, string> = {}) =>
      new Browser(
        new WebSocket(`ws://${base}/api/grants/${grant}/session`, {
          headers: { cookie: `claviger=${cookies.alice}`, origin: `http://${base}`, ...headers },
        }),
      ),
    async [Symbol.asyncDispose]() {
      await http.close()
      await door.close()
    },
  }
}

/** A WebSocket as a test sees it. */
export class Browser {
  readonly texts: Record<string, unknown>[] = []
  screen = ''
  bytes = 0
  /** HTTP status of an upgrade that was refused. */
  refused: number | undefined
  closed = false
  readonly socket: WebSocket
  #wake = Promise.withResolvers<void>()

  constructor(socket: WebSocket) {
    this.socket = socket
    const turn = () => {
      this.#wake.resolve()
      this.#wake = Promise.withResolvers()
    }
    socket.on('message', (data, binary) => {
      const bytes = data as Buffer
      if (binary) {
        this.bytes += bytes.length
        this.screen = (this.screen + bytes.toString('utf8')).slice(-100_000)
      } else this.texts.push(JSON.parse(bytes.toString('utf8')))
      turn()
    })
    socket.on('unexpected-response', (_request, response) => {
      this.refused = response.statusCode
      socket.terminate()
      turn()
    })
    socket.on('error', turn)
    socket.on('open', turn)
    socket.on('close', () => {
      this.closed = true
      turn()
    })
  }

  async until(what: () => boolean): Promise<void> {
    while (!what()) {
      if (this.closed) throw new Error(`it was closed first: ${JSON.stringify(this.texts)} ${this.screen.slice(-500)}`)
      await this.#wake.promise
    }
  }
  async opened(): Promise<this> {
    await this.until(() => this.socket.readyState === WebSocket.OPEN)
    return this
  }
  async left(): Promise<this> {
    while (!this.closed) await this.#wake.promise
    return this
  }
  say(message: object | string | Buffer): void {
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message))
  }
  type(text: string): void {
    this.say(Buffer.from(text))
  }
  heard = (kind: string) => this.texts.filter((t) => t.kind === kind)
}
