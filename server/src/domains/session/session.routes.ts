import { session as api } from '@claviger/api'
import type { Door } from '../../gateways/contract.ts'
import type { Seats } from '../../keeper/contract.ts'
import type { SessionId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import { on, onRaw, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { asciicast, type RecordingReader } from '../recording/index.ts'
import { explainSession, type SessionError } from './errors.ts'
import { exportPage, type PageDeps } from './evidence/export-page.ts'
import { issueTicket } from './issue-ticket.ts'
import { listRoutes } from './lists/lists.routes.ts'
import { endSession } from './live/order-session.ts'
import { replayRoutes } from './replay/replay.routes.ts'
import { saveRecording } from './save-recording.ts'
import { placeOfGrant, showSessions } from './session.view.ts'
import { showForwards } from './show-forwards.ts'
import { showVerdict } from './show-verdict.ts'
import { streamed } from './streamed.ts'
import { viewRecording } from './view-recording.ts'

const refuse = (error: SessionError) => fail(explainSession(error))

export interface SessionRoutesDeps extends PageDeps {
  /** Where the gateways listen. */
  doors: Readonly<Record<Door, { host: string; port: number }>>
  /** What lets somebody in at that of SSH. */
  sshSignIn: readonly api.SshSignIn[]
  seats: Seats
  /** The door through which targets of a kind are reached. */
  doorTo(kind: string): Door | undefined
}

export function sessionRoutes(deps: SessionRoutesDeps): RouteHandler[] {
  const { db } = deps
  return [
    ...replayRoutes(deps),
    ...listRoutes(deps),
    on(api.sessions, async (incoming) => {
      return ok({ sessions: await showSessions(db, signedIn(incoming), incoming.query) })
    }),
    on(api.getSession, async (incoming) => {
      const [session] = await showSessions(db, signedIn(incoming), { id: incoming.params.id, limit: 1 })
      return session ? ok(session) : refuse({ code: 'session.unknown', session: incoming.params.id })
    }),
    on(api.sessionForwards, async (incoming) => {
      const { id } = incoming.params
      const [session] = await showSessions(db, signedIn(incoming), { id, limit: 1 })
      return session
        ? ok(await showForwards(db, session.id as SessionId, incoming.query))
        : refuse({ code: 'session.unknown', session: id })
    }),
    onRaw(api.gatewayCa, async () => {
      const status = await deps.keeper.ask('status', {})
      if (!status.ok) return refuse(status.error)
      const { tlsCa, message } = status.value
      if (tlsCa === '') return refuse({ code: 'keeper.sealed', message })
      return ok({ type: 'application/x-pem-file', body: tlsCa, fileName: 'claviger-gateway-ca.pem' })
    }),
    on(api.endSession, async ({ params, body, who }) => {
      const ended = await endSession(deps, params.id, body.reason, signedIn({ who }))
      return ended.ok ? ok({ ok: true as const }) : refuse(ended.error)
    }),
    on(api.gateways, async () => {
      const { doors, sshSignIn, seats } = deps
      const sessions = { perPerson: seats.person, perAccount: seats.account, perTarget: seats.target }
      return ok({ ...doors, ssh: { ...doors.ssh, signIn: [...sshSignIn] }, sessions })
    }),
    on(api.issueTicket, async (incoming) => {
      const who = signedIn(incoming)
      const grant = incoming.params.id
      const place = await placeOfGrant(db, grant, who.person)
      if (!place) return refuse({ code: 'session.grant_unknown', grant })
      const door = deps.doorTo(place.kind) ?? 'ssh'
      const issued = await issueTicket(deps, { grant, from: incoming.source, who })
      if (!issued.ok) return refuse(issued.error)
      const ticket = await issued.value.ticket.use('show-once-to-owner', (bytes) => Buffer.from(bytes).toString('latin1'))
      const user = `${who.name}@${place.account}@${place.target}`
      return ok({ ticket, expiresAt: issued.value.expiresAt, user, ...deps.doors[door], database: place.database })
    }),
    onRaw(api.saveRecording, async (incoming) => {
      const saved = await saveRecording(deps, incoming.params.id, signedIn(incoming))
      if (!saved.ok) return refuse(saved.error)
      return ok({ type: 'application/octet-stream', body: saved.value.body, fileName: saved.value.name })
    }),
    onRaw(api.exportPage, async (incoming) => {
      const exported = await exportPage(deps, incoming.params.id, signedIn(incoming))
      if (!exported.ok) return refuse(exported.error)
      return ok({ type: 'text/html; charset=utf-8', body: exported.value.body, fileName: exported.value.name })
    }),
    onRaw(api.replayCast, async (incoming) => {
      const opened = await viewRecording(deps, incoming.params.id, signedIn(incoming), 'replay')
      if (!opened.ok) return refuse(opened.error)
      if (opened.value.reader.facts.kind !== 'terminal') {
        await opened.value.reader.close()
        return refuse({ code: 'session.no_terminal' })
      }
      return ok({
        type: 'application/x-asciicast; charset=utf-8',
        body: streamed(opened.value.reader, asciicast(opened.value.reader)),
      })
    }),
    on(api.replayCommands, async (incoming) => {
      const opened = await viewRecording(deps, incoming.params.id, signedIn(incoming), 'commands')
      if (!opened.ok) return refuse(opened.error)
      return ok(await commandsOf(opened.value.reader))
    }),
  ]
}

async function commandsOf(reader: RecordingReader) {
  try {
    const commands: { seconds: number; text: string }[] = []
    const keystrokes = { proven: 0, unproven: 0 }
    for await (const frame of reader.frames()) {
      if (frame.kind === 'command') commands.push({ seconds: Math.max(0, frame.at - reader.startedAt) / 1_000_000, text: frame.text })
      if (frame.kind === 'input') keystrokes.proven += frame.bytes.length
      if (frame.kind === 'hidden') keystrokes.unproven += frame.count
    }
    return { commands, keystrokes, verified: showVerdict(reader) }
  } finally {
    await reader.close()
  }
}
