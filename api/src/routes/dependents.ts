import { z } from 'zod'
import { loginKind } from '../credential-kinds.ts'
import { defineRoute } from '../route.ts'
import { id, line, page, shortName, stepUp, time } from '../values.ts'

const tag = 'dependents'
const staff = ['engineers', 'approvers', 'security', 'auditors', 'administrators'] as const
const keepers = ['administrators', 'security'] as const

const credential = loginKind
const path = z
  .string()
  .max(1024)
  .regex(/^\/[^\u0000-\u001f\u007f\ud800-\udfff]+$/u, 'the whole path of a file, such as /etc/app/app.env')
  .meta({ examples: ['/etc/app/app.env'] })

/** What is done on a host when a credential changed, in this order: the file is written, the command run, the unit restarted, the check made. */
export const how = z
  .strictObject({
    file: z
      .strictObject({
        path,
        /** The line that holds the credential, with `{secret}` in its place. Left out: the credential is the whole file. */
        line: line(500)
          .refine((text) => text.split('{secret}').length === 2, 'the line holds {secret} once, where the credential stands')
          .optional(),
        /** How it is written: as it is; between double quotes (`json`); between single quotes (`shell`); in a URL (`url`). */
        as: z.enum(['plain', 'json', 'shell', 'url']).default('plain'),
      })
      .optional(),
    /** A command for /bin/sh that gets the credential on its standard input, and ends with status 0 when it took it. */
    run: z
      .strictObject({
        command: line(1000),
        user: z
          .string()
          .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, 'the name of an account of that host')
          .optional(),
      })
      .optional(),
    /** A systemd unit that is restarted, and must be active after that. */
    unit: z
      .string()
      .regex(/^[A-Za-z0-9:_.@\\][A-Za-z0-9:_.@\\-]{0,249}$/, 'the name of a systemd unit, such as app.service')
      .optional(),
    /** A command without the credential that ends with status 0 when all is well. */
    check: line(1000).optional(),
  })
  .refine((h) => h.file !== undefined || h.run !== undefined || h.unit !== undefined, 'say what is done: a file, a command or a unit')
export type How = z.input<typeof how>

export const dependent = z.strictObject({
  id: id('dpd'),
  account: z.strictObject({ id: id('acc'), name: shortName, target: shortName }),
  credential,
  /** The target on which it lives. */
  host: z.strictObject({ id: id('tgt'), name: shortName }),
  how,
  /** proposed: of an account of tier 0, until another person confirms it, and told nothing; active; removed. */
  state: z.enum(['proposed', 'active', 'removed']),
  addedBy: z.string(),
  addedAt: time,
  /** waiting: it is to be told of `version`; done: it was; null: the credential has not changed since it was added. */
  news: z.enum(['waiting', 'done']).nullable(),
  version: z.int().nullable(),
  toldVersion: z.int().nullable(),
  toldAt: time.nullable(),
  failures: z.int(),
  /** When it is told, or tried again. */
  nextAt: time.nullable(),
  /** Why the newest attempt failed, as a code. */
  error: z.string().nullable(),
})
export type Dependent = z.infer<typeof dependent>

export const dependents = defineRoute({
  id: 'dependents',
  method: 'GET',
  path: '/api/dependents',
  tag,
  who: staff,
  summary: 'What else uses the credentials of accounts, and whether it knows the newest',
  query: z.strictObject({ account: id('acc').optional(), ...page }),
  answer: z.strictObject({ dependents: z.array(dependent), next: z.string().nullable() }),
})
export const addDependent = defineRoute({
  id: 'addDependent',
  method: 'POST',
  path: '/api/accounts/:id/dependents',
  tag,
  who: ['administrators'],
  summary: 'Say what else uses an account’s credential, and how it is told of a new one',
  about:
    'The credential is sent there from its next rotation on, over SSH and standard input. Of an account of tier 0 another administrator or officer confirms it first.',
  params: z.strictObject({ id: id('acc') }),
  body: z.strictObject({ credential: credential.default('password'), host: shortName, how, ...stepUp }),
  answer: dependent,
})

const params = z.strictObject({ id: id('dpd') })
export const confirmDependent = defineRoute({
  id: 'confirmDependent',
  method: 'POST',
  path: '/api/dependents/:id/confirm',
  tag,
  who: keepers,
  summary: 'Confirm a dependent that somebody else proposed for an account of tier 0',
  params,
  body: z.strictObject({ ...stepUp }),
  answer: dependent,
})
export const removeDependent = defineRoute({
  id: 'removeDependent',
  method: 'POST',
  path: '/api/dependents/:id/remove',
  tag,
  who: ['administrators'],
  summary: 'Tell a dependent nothing any more',
  params,
  body: z.strictObject({ ...stepUp }),
  answer: dependent,
})
export const lookAtDependent = defineRoute({
  id: 'lookAtDependent',
  method: 'POST',
  path: '/api/dependents/:id/look',
  tag,
  who: keepers,
  summary: 'Look on its host whether a dependent could be told: the line is in the file, the unit is known. Changes nothing',
  params,
  answer: z.strictObject({ ready: z.literal(true) }),
})
export const tellDependent = defineRoute({
  id: 'tellDependent',
  method: 'POST',
  path: '/api/dependents/:id/tell',
  tag,
  who: keepers,
  summary: 'Tell a dependent of the current credential now',
  about: 'Answers after the first attempt; one that fails is tried again by itself.',
  params,
  answer: dependent,
})
