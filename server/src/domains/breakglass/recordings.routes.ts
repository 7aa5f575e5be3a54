import { breakGlass as api } from '@claviger/api'
import { fail, ok } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { type AdoptDeps, adoptRecording, openText } from './adopt-recording.ts'
import { recordingText } from './breakglass.view.ts'
import { type BreakglassError, explainBreakglass } from './errors.ts'
import { recordingViewed } from './events.ts'
import { asCast, longestRecording } from './recorded.ts'
import { addPart, dropParts } from './recording.store.ts'

const refuse = (error: BreakglassError) => fail(explainBreakglass(error))
const partLength = 150_000

/** What was recorded under an opened kit: brought back in parts, and seen. */
export function kitRecordingRoutes(deps: AdoptDeps & { db: Db }): RouteHandler[] {
  const { db, keeper, audit, now } = deps
  return [
    on(api.adoptRecording, async (incoming) => {
      const { upload, text, last } = incoming.body
      const { person } = signedIn(incoming)
      const whole = await db.transaction().execute((tx) => addPart(tx, { id: upload, person, text, at: now(), most: longestRecording }))
      if (whole === undefined) return refuse({ code: 'breakglass.recording_malformed' })
      if (!last) return ok({ adopted: null })
      const adopted = await adoptRecording(deps, person, whole)
      await db.transaction().execute((tx) => dropParts(tx, upload))
      return adopted.ok ? ok({ adopted: adopted.value }) : refuse(adopted.error)
    }),
    on(api.kitRecording, async (incoming) => {
      const { id } = incoming.params
      const text = await recordingText(db, id)
      if (text === undefined) return refuse({ code: 'breakglass.recording_unknown', recording: id })
      // in the ledger before anything of it is answered
      if (incoming.query.from === 0) await audit.note(recordingViewed({ recording: id }), signedIn(incoming).person)
      const opened = await openText(keeper, text)
      if (!opened.ok) return refuse(opened.error)
      const cast = asCast(opened.value.head, opened.value.frames)
      return ok({ part: cast.slice(incoming.query.from, incoming.query.from + partLength), total: cast.length })
    }),
  ]
}
