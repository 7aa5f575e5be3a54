import { z } from 'zod'
import { defineRoute } from '../../route.ts'
import { id, time } from '../../values.ts'
import { checked, verified } from './verified.ts'
import { tag, viewers } from './who.ts'

export const fileAct = z.strictObject({
  /** Counts what was done in a session from 1. */
  n: z.int(),
  /** Seconds since the recording began. */
  seconds: z.number(),
  at: time,
  op: z.enum(['get', 'put', 'list', 'remove', 'rename', 'mkdir', 'rmdir', 'link', 'symlink', 'attributes', 'copy']),
  path: z.string(),
  /** The second path of what has two; by `scp -O` the name under which a file passed, `path` being what was asked for. */
  to: z.string().nullable(),
  /** Where in the file a transfer began: above 0 it was taken up again, or only a part was asked for. */
  from: z.int(),
  /** Of contents that passed; null where nothing passes. */
  bytes: z.int().nullable(),
  /** Of contents that passed, in hex; null where they did not pass from one end to the other in order, or not whole. */
  sha256: z.string().nullable(),
  /** `open`: its end is not recorded, because the session still runs or was interrupted. */
  outcome: z.enum(['open', 'ok', 'failed', 'cut']),
  durationMs: z.number().nullable(),
  message: z.string().nullable(),
})
export type FileAct = z.infer<typeof fileAct>

export const sessionFiles = defineRoute({
  id: 'sessionFiles',
  method: 'GET',
  path: '/api/sessions/:id/files',
  tag,
  who: viewers,
  summary: 'What a transfer of files did to which file, oldest first, and what verification of the file said. Viewing is itself recorded',
  about:
    'A page reads no more of the recording than what stands in it, checked against the sealed file; where that was altered it is refused. The whole file is verified meanwhile. The `view` of the first page makes the next ones part of the same viewing, for eight hours, at every server; without it each page is another viewing.',
  params: z.strictObject({ id: id('ses') }),
  query: z.strictObject({
    /** Acts with a higher `n`: the `next` of the page before. */
    after: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    /** That of the page before. */
    view: id('ent').optional(),
  }),
  answer: z.strictObject({
    files: z.array(fileAct),
    /** Of the whole recording, as far as it was when it was opened. */
    total: z.int(),
    /** For the next page; null when this is the last. */
    next: z.int().nullable(),
    /** The entry in the audit log that says that it is viewed. */
    view: id('ent'),
    /** What verification of the whole file said; null while it goes on. */
    verified: verified.nullable(),
  }),
})
export const filesVerified = defineRoute({
  id: 'filesVerified',
  method: 'GET',
  path: '/api/sessions/:id/files/:view/verified',
  tag,
  who: viewers,
  summary: 'What verification of the whole file said; asked meanwhile, it is answered after a few seconds with how far it is',
  params: z.strictObject({ id: id('ses'), view: id('ent') }),
  answer: checked,
})
export const exportFiles = defineRoute({
  id: 'exportFiles',
  method: 'GET',
  path: '/api/sessions/:id/files/export',
  tag,
  who: viewers,
  summary: 'All that a transfer of files did, as JSON lines or text. Viewing is itself recorded',
  params: z.strictObject({ id: id('ses') }),
  query: z.strictObject({ format: z.enum(['jsonl', 'text']).default('jsonl') }),
  answer: z.string(),
})
