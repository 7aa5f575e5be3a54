import { z } from 'zod'
import { defineRoute } from '../../route.ts'
import { id } from '../../values.ts'
import { verified } from './verified.ts'
import { tag, viewers } from './who.ts'

export const saveRecording = defineRoute({
  id: 'saveRecording',
  method: 'GET',
  path: '/api/sessions/:id/recording',
  tag,
  who: viewers,
  summary:
    'The sealed file of a recording, to verify it elsewhere; nobody reads in it without its keys. That it was taken is itself recorded',
  params: z.strictObject({ id: id('ses') }),
  answer: z.string(),
})
export const exportPage = defineRoute({
  id: 'exportPage',
  method: 'GET',
  path: '/api/sessions/:id/evidence.html',
  tag,
  who: viewers,
  summary: 'The recording as one page that plays it and verifies it offline, for somebody without an account. Exporting is itself recorded',
  about:
    'The page holds the sealed recording, the keys that open what viewers see of it, and proofs out of the ledger: it is as confidential as the recording. It loads nothing from anywhere. Of recordings up to 64 MiB; `session.too_large_for_page` says what to do with larger ones.',
  params: z.strictObject({ id: id('ses') }),
  answer: z.string().describe('HTML'),
})
export const replayCast = defineRoute({
  id: 'replayCast',
  method: 'GET',
  path: '/api/sessions/:id/replay.cast',
  tag,
  who: viewers,
  summary: 'The recording as asciicast v2 (text), opened from the sealed file. Viewing is itself recorded',
  params: z.strictObject({ id: id('ses') }),
  answer: z.string(),
})
export const replayCommands = defineRoute({
  id: 'replayCommands',
  method: 'GET',
  path: '/api/sessions/:id/commands',
  tag,
  who: viewers,
  summary: 'The commands of a session with their times, and what verification of the file said',
  params: z.strictObject({ id: id('ses') }),
  answer: z.strictObject({
    commands: z.array(z.strictObject({ seconds: z.number(), text: z.string() })),
    keystrokes: z.strictObject({ proven: z.int(), unproven: z.int() }),
    verified,
  }),
})
