import { unproven as api } from '@claviger/api'
import { fail, ok } from '../../../kernel/result.ts'
import { on, type RouteHandler, signedIn } from '../../../platform/http/handler.ts'
import { explainSession, type SessionError } from '../errors.ts'
import type { ExpectedDeps } from '../expected-recording.ts'
import { askForInput, type OpeningDeps } from './ask-for-input.ts'
import { approveOpening, withdrawOpening } from './decide-on-opening.ts'
import { showOpenings } from './opening.view.ts'
import { showInput } from './show-input.ts'

const refuse = (error: SessionError) => fail(explainSession(error))

export function unprovenRoutes(deps: OpeningDeps & ExpectedDeps): RouteHandler[] {
  const { db, now } = deps
  return [
    on(api.inputOpenings, async ({ query }) => ok({ openings: await showOpenings(db, now(), query.session) })),
    on(api.askForInput, async (incoming) => {
      const { code, reason } = incoming.body
      if (code === undefined) return refuse({ code: 'session.code_needed' })
      const asked = await askForInput(deps, { person: signedIn(incoming).person, code }, { session: incoming.params.id, reason })
      return asked.ok ? ok(asked.value) : refuse(asked.error)
    }),
    ...[
      { route: api.approveInput, decide: approveOpening },
      { route: api.withdrawInput, decide: withdrawOpening },
    ].map(({ route, decide }) =>
      on(route, async (incoming) => {
        const { code } = incoming.body
        if (code === undefined) return refuse({ code: 'session.code_needed' })
        const decided = await decide(deps, { person: signedIn(incoming).person, code }, incoming.params.id)
        return decided.ok ? ok({ ok: true as const }) : refuse(decided.error)
      }),
    ),
    on(api.showInput, async (incoming) => {
      const { code, from } = incoming.body
      if (code === undefined) return refuse({ code: 'session.code_needed' })
      const shown = await showInput(deps, { person: signedIn(incoming).person, code }, { id: incoming.params.id, from })
      return shown.ok ? ok(shown.value) : refuse(shown.error)
    }),
  ]
}
