import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { code, done, duration, id, itsmTicket, line, page, personName, shortName, time } from '../values.ts'

const tag = 'sessions'
const viewers = ['security', 'auditors'] as const

/** What checking the sealed file said. */
export const verified = z.strictObject({
  ok: z.boolean(),
  chunks: z.int(),
  head: z.string(),
  interrupted: z.boolean(),
  message: z.string(),
})

export const session = z.strictObject({
  id: id('ses'),
  person: z.strictObject({ id: id('per'), name: personName, displayName: z.string() }),
  account: shortName,
  target: shortName,
  door: z.enum(['ssh', 'postgres', 'mysql']),
  /** With a client of their own, or in the console. */
  way: z.enum(['native', 'web']),
  /** `files`: a transfer by SFTP, or by the command of `scp -O`. */
  kind: z.enum(['shell', 'exec', 'sql', 'files', 'forward']),
  /** Of an SQL session. */
  database: z.string().nullable(),
  from: z.string(),
  grant: id('grt'),
  request: id('req'),
  state: z.enum(['opening', 'running', 'ended', 'interrupted', 'refused']),
  /** It runs, and an officer holds it: nothing passes. */
  suspended: z.boolean(),
  /** When it ends by itself unless it is renewed; null when it runs no more, or was never opened. */
  endsAt: time.nullable(),
  /** It ends after so long without anything passing. */
  idleSeconds: z.int().nullable(),
  /** So long a statement that runs at its end may go on; 0: it is cut off. */
  finishSeconds: z.int().nullable(),
  /** Nothing passes unless somebody else watches. */
  supervised: z.boolean(),
  /** Supervised, and nobody watches now: nothing passes. */
  unobserved: z.boolean(),
  openedAt: time,
  endedAt: time.nullable(),
  endReason: z.string().nullable(),
  exitStatus: z.int().nullable(),
  recording: z
    .strictObject({
      id: id('rec'),
      state: z.enum(['running', 'sealed', 'interrupted']),
      chunks: z.int(),
      bytes: z.int(),
      seconds: z.number(),
      /** When its period was over and its key was destroyed. */
      destroyedAt: time.nullable(),
      /** The bucket that has it; null while it lies in the folder of the server that made it. */
      storedIn: z.string().nullable(),
    })
    .nullable(),
})
export type Session = z.infer<typeof session>

export const sessions = defineRoute({
  id: 'sessions',
  method: 'GET',
  path: '/api/sessions',
  tag,
  who: 'person',
  summary: 'Sessions that I made or may see, newest first',
  query: z.strictObject({
    state: z.enum(['running', 'ended']).optional(),
    account: id('acc').optional(),
    /** Those under the grant that this request became. */
    request: id('req').optional(),
    /** Part of somebody's name, or of account@target. */
    search: z.string().max(64).optional(),
    ...page,
  }),
  answer: z.strictObject({ sessions: z.array(session) }),
})
export const getSession = defineRoute({
  id: 'session',
  method: 'GET',
  path: '/api/sessions/:id',
  tag,
  who: 'person',
  summary: 'One session',
  params: z.strictObject({ id: id('ses') }),
  answer: session,
})

/** One connection that a session carried. */
export const forward = z.strictObject({
  n: z.int(),
  /** `local`: the target connected to `host`; `remote`: it listened there. */
  direction: z.enum(['local', 'remote']),
  host: z.string(),
  port: z.int(),
  /** Who connected, as the side that took the connection says. */
  from: z.string(),
  openedAt: z.iso.datetime(),
  /** Null while it goes on, or where its end was never written. */
  endedAt: z.iso.datetime().nullable(),
  /** Bytes from the person's side, and to it. */
  sent: z.int().nullable(),
  received: z.int().nullable(),
  outcome: z.enum(['closed', 'failed', 'cut']).nullable(),
  message: z.string().nullable(),
})
export type Forward = z.infer<typeof forward>

export const sessionForwards = defineRoute({
  id: 'sessionForwards',
  method: 'GET',
  path: '/api/sessions/:id/forwards',
  tag,
  who: 'person',
  summary: 'Which connections a session carried for its SSH client, oldest first. What passed in them is not recorded',
  params: z.strictObject({ id: id('ses') }),
  query: z.strictObject({
    /** Those with a higher `n`: the `next` of the page before. */
    after: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  answer: z.strictObject({
    forwards: z.array(forward),
    /** For the next page; null when this is the last. */
    next: z.int().nullable(),
  }),
})
export const issueTicket = defineRoute({
  id: 'issueTicket',
  method: 'POST',
  path: '/api/grants/:id/ticket',
  tag,
  who: 'person',
  summary: 'A connection ticket for my own grant: the password for psql and other database clients, good for five minutes from my address',
  params: z.strictObject({ id: id('grt') }),
  answer: z.strictObject({
    /** Shown this once. It is a secret: it belongs into a password prompt or a password file, not on a command line. */
    ticket: z.string(),
    expiresAt: time,
    /** The user name to give: person@account@target. */
    user: z.string(),
    host: z.string(),
    port: z.int(),
    /** The database that the target's settings name. */
    database: z.string().nullable(),
  }),
})
/** What lets somebody in at the SSH gateway, each in the order in which it is shown; one of them suffices. */
export const sshSignIns = ['key+code', 'certificate', 'password+code', 'key+password+code'] as const
export type SshSignIn = (typeof sshSignIns)[number]

export const gateways = defineRoute({
  id: 'gateways',
  method: 'GET',
  path: '/api/gateways',
  tag,
  who: 'person',
  summary: 'Where native clients connect to, and what lets somebody in by SSH',
  answer: z.strictObject({
    ssh: z.strictObject({ host: z.string(), port: z.int(), signIn: z.array(z.enum(sshSignIns)) }),
    postgres: z.strictObject({ host: z.string(), port: z.int() }),
    mysql: z.strictObject({ host: z.string(), port: z.int() }),
  }),
})
export const gatewayCa = defineRoute({
  id: 'gatewayCa',
  method: 'GET',
  path: '/api/gateway-ca.pem',
  tag,
  who: 'anyone',
  summary: 'The authority under which the gateways of databases prove who they are, in PEM: what clients take as sslrootcert or ssl-ca',
  answer: z.string().describe('PEM, as application/x-pem-file'),
})
export const endSession = defineRoute({
  id: 'endSession',
  method: 'POST',
  path: '/api/sessions/:id/end',
  tag,
  who: ['security'],
  summary: 'Cut a running session now',
  params: z.strictObject({ id: id('ses') }),
  body: z.strictObject({ reason: line(500) }),
  answer: done,
})
export const renewSession = defineRoute({
  id: 'renewSession',
  method: 'POST',
  path: '/api/sessions/:id/renew',
  tag,
  who: 'person',
  summary: 'Ask for more time in a running session of my own, with the same approvals as before; eight hours in all at most',
  about:
    'A request for more time under its grant. What is left out is as it was asked for before. Where nobody else has to agree, and where policy wants a fresh factor, `code` is needed unless one was given in the last 15 minutes: `access.fresh_code_needed` says so. What is granted moves the end of the grant and of every session under it.',
  params: z.strictObject({ id: id('ses') }),
  body: z.strictObject({
    duration: duration.optional(),
    reason: line(500).optional(),
    itsmTicket: itsmTicket.optional(),
    code: code.optional(),
  }),
  answer: z.strictObject({
    request: id('req'),
    /** Policy asked nobody: the time is given. */
    granted: z.boolean(),
    seconds: z.int(),
    /** Who may approve it. */
    approvers: z.array(personName),
  }),
})
export const statement = z.strictObject({
  /** Counts the statements of a session from 1. */
  n: z.int(),
  /** Seconds since the recording began. */
  seconds: z.number(),
  at: time,
  via: z.enum(['simple', 'extended']),
  /** With passwords replaced by `[masked]`. */
  sql: z.string(),
  /** Something in it was masked. */
  masked: z.boolean(),
  /** Not all of it was recorded: by an older version, or the gateway was killed meanwhile. */
  truncated: z.boolean(),
  /** Only the beginning of text and parameters stands here; the export has all of it. */
  shortened: z.boolean(),
  /** Bytes of text and parameters together, as they are recorded. */
  length: z.int(),
  /** The earlier statement in which the long text stands whole; here it has only its beginning. */
  sameTextAs: z.int().nullable(),
  /** The earlier statement in which the parameters stand; here are none. */
  sameParametersAs: z.int().nullable(),
  /** Sent ahead of an answer that may have changed the encoding in which it was read. */
  unsureEncoding: z.boolean(),
  /** Bytes that are no text in the session's encoding stand as `\xHH`. */
  escaped: z.boolean(),
  /** In the order $1, $2, …; null is SQL's null. */
  parameters: z.array(z.string().nullable()),
  /** `open`: its end is not recorded, because the session still runs or was interrupted. */
  outcome: z.enum(['open', 'ok', 'failed', 'cancelled', 'cut']),
  durationMs: z.number().nullable(),
  rows: z.int().nullable(),
  bytes: z.int().nullable(),
  /** What the target called it: `SELECT 3`. */
  tag: z.string().nullable(),
  sqlState: z.string().nullable(),
  message: z.string().nullable(),
})
export type Statement = z.infer<typeof statement>

export const sessionStatements = defineRoute({
  id: 'sessionStatements',
  method: 'GET',
  path: '/api/sessions/:id/statements',
  tag,
  who: viewers,
  summary: 'The statements of an SQL session, oldest first, and what verification of the file said. Viewing is itself recorded',
  params: z.strictObject({ id: id('ses') }),
  query: z.strictObject({
    /** Statements with a higher `n`: the `next` of the page before. */
    after: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  answer: z.strictObject({
    statements: z.array(statement),
    /** Of the whole recording. */
    total: z.int(),
    /** For the next page; null when this is the last. */
    next: z.int().nullable(),
    verified,
  }),
})
export const exportStatements = defineRoute({
  id: 'exportStatements',
  method: 'GET',
  path: '/api/sessions/:id/statements/export',
  tag,
  who: viewers,
  summary: 'All statements of an SQL session, as JSON lines or text. Viewing is itself recorded',
  params: z.strictObject({ id: id('ses') }),
  query: z.strictObject({ format: z.enum(['jsonl', 'text']).default('jsonl') }),
  answer: z.string(),
})
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
  params: z.strictObject({ id: id('ses') }),
  query: z.strictObject({
    /** Acts with a higher `n`: the `next` of the page before. */
    after: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  answer: z.strictObject({
    files: z.array(fileAct),
    /** Of the whole recording. */
    total: z.int(),
    /** For the next page; null when this is the last. */
    next: z.int().nullable(),
    verified,
  }),
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
