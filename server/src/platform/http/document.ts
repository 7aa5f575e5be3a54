import { type Route, refusal } from '@claviger/api'
import { z } from 'zod'

/** What the groups of operations are about, in the order in which they are shown. */
const tags: Record<string, string> = {
  policy: 'The rules: which there are, what they answer and why, and who could get what.',
  seal: 'What protects the root key: made once, opened by its custodians after each start, closed when in doubt.',
  identity: 'People, their second factors and keys, signing in and out',
  inventory: 'Targets and the privileged accounts on them',
  'check-out': 'Who holds an account, who waits for it, and seeing a credential',
  rotation: 'Replacing credentials',
  passwords: 'What passwords have to be',
  onboarding: 'Bringing credentials from elsewhere',
  dependents: 'What else uses a credential, and hears of a new one',
  'break-glass': 'Accounts for emergencies, whose credentials no server can open, and the offline kits that hold them',
  access: 'Requests, approvals and grants',
  sessions: 'Sessions that a gateway carried, and their recordings',
  retention: 'How long recordings are kept: classes, legal holds, what recordings take and when they are destroyed',
  controls: 'Whether Claviger itself works: recorder, sequencer, jobs, clock',
  credentials: 'What credentials are weak, reused, old or shared',
  'ssh-authority':
    'The authority under which sessions log in by SSH certificate, the hosts that trust it, and the accounts that are reached so',
  versions: 'Versions of credentials, and when those that were replaced are destroyed',
  backups: 'Backups of this installation; restoring one is a command of the host',
  audit: 'The ledger, its checkpoints and alarms',
}

const refusals: Record<string, string> = {
  400: 'What was sent is malformed; `issues` names the fields.',
  401: 'Nobody is signed in, or that sign-in has ended.',
  403: 'This person may not do that, or the code was wrong; the message says who may.',
  404: 'There is no such thing, or you may not see it.',
  '4XX': 'Refused. `code` is for machines and never changes; `message` says what to do.',
  '5XX': 'It could not be done, and nothing is given out: something that is needed does not answer. Try again.',
}

/** Which refusals an operation can have: the answers of Fastify's route schema. */
export function refusalsOf(route: Pick<Route, 'who' | 'params' | 'query' | 'body'>): Record<string, typeof refusal> {
  const input = route.params ?? route.query ?? route.body
  const statuses = [
    ...(input ? ['400'] : []),
    ...(route.who === 'anyone' ? [] : ['401', '403']),
    ...(route.params ? ['404'] : []),
    '4xx',
    '5xx',
  ]
  return Object.fromEntries(statuses.map((status) => [status, refusal]))
}

/** Who may, in a sentence; the whole table is docs/authorisation.md. */
export function describeRoute(route: Pick<Route, 'who' | 'setup' | 'about'>): string {
  const { who } = route
  const may =
    who === 'anyone'
      ? 'Open to anyone.'
      : who === 'person'
        ? 'For whoever is signed in; what they may see or decide depends on who they are.'
        : `For members of ${who.join(', ').replace(/, (\w+)$/, ' or $1')}.`
  return [route.about, may, route.setup && 'In the first run also with the one-time setup token (header `x-claviger-setup`).']
    .filter(Boolean)
    .join('\n\n')
}

export const openapi = {
  openapi: '3.1.0' as const,
  info: {
    title: 'Claviger',
    version: '0.1.0',
    description: [
      'Privileged access management: find, vault, approve, record, rotate, prove. The console and the command line client use this API and nothing else.',
      'Every answer that refuses has a `code` for machines, which never changes, and a `message` that says what to do.',
      'What changes something is under a signed checkpoint of the ledger before it is answered. Lists answer the newest first; `limit` bounds them.',
    ].join('\n\n'),
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/', description: 'This server' }],
  tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
  components: {
    securitySchemes: {
      bearer: {
        type: 'http' as const,
        scheme: 'bearer',
        description: 'A token of `POST /api/sign-in/code` with `"as": "cli"`, or of `claviger login`. It ends with its sign-in.',
      },
      cookie: {
        type: 'apiKey' as const,
        in: 'cookie',
        name: 'claviger',
        description: 'A browser’s sign-in. Whatever is no GET needs the header `x-claviger: 1` as well.',
      },
    },
  },
}

interface Answer {
  description?: string
  content?: Record<string, { schema?: unknown }>
}

/** The document as it is served: each refusal is described and points at one schema. */
export function finishDocument<D extends object>(document: D): D {
  const { paths, components } = document as unknown as {
    paths: Record<string, Record<string, { responses?: Record<string, Answer> }>>
    components: { schemas?: Record<string, unknown> }
  }
  components.schemas = { ...components.schemas, Refusal: z.toJSONSchema(refusal, { target: 'draft-2020-12' }) }
  delete (components.schemas.Refusal as { $schema?: string }).$schema
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods)))
    for (const [status, answer] of Object.entries(operation.responses ?? {})) {
      const description = refusals[status.toUpperCase()]
      if (description === undefined) answer.description = 'Done.'
      else Object.assign(answer, { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } } })
    }
  return document
}
