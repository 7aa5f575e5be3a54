import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { id } from '../values.ts'
import { checked, verified } from './session/index.ts'

const tag = 'sessions'
const viewers = ['security', 'auditors'] as const
const seconds = z.number().min(0)
const params = z.strictObject({ id: id('ses'), replay: id('ent') })
const size = { columns: z.int(), rows: z.int() }

export const openReplay = defineRoute({
  id: 'openReplay',
  method: 'POST',
  path: '/api/sessions/:id/replay',
  tag,
  who: viewers,
  summary: 'Opens the recording of a terminal to be replayed in parts. Viewing is itself recorded, once for each opening',
  about:
    'The answer has what a player draws at once: the length, where nothing happened, the commands, and when the parts begin. A part is fetched by its number, is checked against the sealed file by itself, and is refused where that was altered. The whole file is verified meanwhile. Of a terminal that runs it is made behind the session. Where nobody opened the recording before and it was not yet read for its outline, that is made first, which takes seconds for a recording of hours. An opening is good for eight hours, at every server, for who opened it.',
  params: z.strictObject({ id: id('ses') }),
  answer: z.strictObject({
    /** The entry in the audit log that says so. */
    replay: id('ent'),
    ...size,
    /** To the last that was shown. */
    seconds,
    /** From each of these seconds on, a part. The first is 0. */
    parts: z.array(seconds),
    /** Nothing was shown for more than two seconds. */
    gaps: z.array(z.tuple([seconds, seconds])),
    commands: z.array(z.strictObject({ seconds, text: z.string() })),
    /** That are not listed: there are too many of them. `claviger sessions commands` has all. */
    moreCommands: z.int(),
    keystrokes: z.strictObject({ proven: z.int(), unproven: z.int() }),
    /** What verification of the whole file said; null while it goes on. */
    verified: verified.nullable(),
  }),
})
export type OpenReplay = z.infer<typeof openReplay.answer>

export const replayPart = defineRoute({
  id: 'replayPart',
  method: 'GET',
  path: '/api/sessions/:id/replay/:replay/parts/:n',
  tag,
  who: viewers,
  summary: 'What happened in one part of a recording that was opened, checked against the sealed file',
  params: params.extend({ n: z.coerce.number().int().min(0).max(1_000_000) }),
  answer: z.strictObject({
    n: z.int(),
    /** What stood on the screen at the part's beginning, as output that brings an empty terminal of this size there. */
    screen: z.strictObject({ seconds, ...size, text: z.string() }),
    /** Output (`o`), or a new size such as `120x40` (`r`), at its second of the recording. */
    events: z.array(z.tuple([seconds, z.enum(['o', 'r']), z.string()])),
  }),
})
export type ReplayPart = z.infer<typeof replayPart.answer>

export const replayVerified = defineRoute({
  id: 'replayVerified',
  method: 'GET',
  path: '/api/sessions/:id/replay/:replay/verified',
  tag,
  who: viewers,
  summary: 'What verification of the whole file said; asked meanwhile, it is answered after a few seconds with how far it is',
  params,
  answer: checked,
})
