import type { Duplex } from 'node:stream'
import { web as api } from '@claviger/api'
import type { Door } from '../../../gateways/contract.ts'
import { fail } from '../../../kernel/result.ts'
import { onSocket, type RouteHandler, signedIn } from '../../../platform/http/handler.ts'
import { explainSession } from '../errors.ts'
import { carrySql, type OpenSql } from './carry-sql.ts'
import { carryTerminal } from './carry-terminal.ts'

export interface WebRoutesDeps {
  /** What a grant of this person leads to; undefined when they hold none by this id. */
  placeOf(grant: string, person: string): Promise<{ account: string; target: string; kind: string; database: string | null } | undefined>
  /** The door through which targets of a kind are reached. */
  doorTo(kind: string): Door | undefined
  /** To a door of the gateway, for a browser at `from`. Rejects when no gateway is there. */
  connect(door: Door, from: string): Promise<Duplex>
  /** PEM of the authority of the doors of databases; undefined while it is not known. */
  ca(): Promise<string | undefined>
  /** How statements are said at a door. */
  openSql: Partial<Record<Door, OpenSql>>
  log: (line: string) => void
  /** For so many milliseconds a result waits to be asked on; left out: a minute. */
  heldMs?: number
}

/** Where neither the person nor the target's settings name one. */
const usualDatabase: Partial<Record<Door, string>> = { postgres: 'postgres', mysql: '' }

/** What is opened in the browser, under the person's own grant. Who they are is asked again at the gateway's door, by their ticket. */
export function webRoutes(deps: WebRoutesDeps): RouteHandler[] {
  return [
    onSocket(
      api.webSession,
      async (incoming) => {
        const grant = incoming.params.id
        const place = await deps.placeOf(grant, signedIn(incoming).person)
        return fail(explainSession(place ? { code: 'session.takes_web_socket' } : { code: 'session.grant_unknown', grant }))
      },
      ({ params, who, line }) => {
        const begin = async () => {
          const place = await deps.placeOf(params.id, who.person)
          const door = place && deps.doorTo(place.kind)
          if (!place || !door) return line.close()
          const user = `${who.name}@${place.account}@${place.target}`
          const connect = () => deps.connect(door, line.from)
          if (door === 'ssh') return carryTerminal(line, { user, connect })
          const open = deps.openSql[door]
          if (!open) return line.close()
          carrySql(line, { user, connect, open, ca: deps.ca, heldMs: deps.heldMs, database: place.database ?? usualDatabase[door] ?? '' })
        }
        begin().catch((error: unknown) => {
          deps.log(`a session in a browser could not be begun: ${String(error)}`)
          line.close()
        })
      },
    ),
  ]
}
