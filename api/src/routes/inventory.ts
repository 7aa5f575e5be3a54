import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { category, environment, id, line, page, shortName, stepUp, tier, time } from '../values.ts'

const tag = 'inventory'
const staff = ['engineers', 'approvers', 'security', 'auditors', 'administrators'] as const

/** Settings differ per kind (host, port, database, …); the kind's own schema checks them. */
const settings = z.record(z.string().max(40), z.union([z.string().max(8192), z.number(), z.boolean()]))
const identity = z.record(z.string().max(40), z.string().max(1024))

export const target = z.strictObject({
  id: id('tgt'),
  name: shortName,
  kind: z.string(),
  environment,
  tier,
  tierLabel: z.string(),
  address: z.string(),
  settings,
  identity,
  capabilities: z.array(z.string()),
  accounts: z.int(),
  lastDiscovery: time.nullable(),
})
export type Target = z.infer<typeof target>

export const account = z.strictObject({
  id: id('acc'),
  name: shortName,
  target: z.strictObject({ id: id('tgt'), name: shortName, kind: z.string(), environment }),
  category,
  tier,
  tierLabel: z.string(),
  privileges: z.array(z.string()),
  /** found: known, not vaulted; managed: only we know its credentials; held: may not be used until someone looks. */
  state: z.enum(['found', 'managed', 'held']),
  credentials: z.array(
    z.strictObject({ kind: z.enum(['password', 'ssh-key']), version: z.int(), rotatedAt: time.nullable(), verifiedAt: time.nullable() }),
  ),
  authorisedKeys: z.array(z.strictObject({ fingerprint: z.string(), comment: z.string() })),
})
export type Account = z.infer<typeof account>

export const targets = defineRoute({
  id: 'targets',
  method: 'GET',
  path: '/api/targets',
  tag,
  who: staff,
  summary: 'The targets',
  query: z.strictObject(page),
  answer: z.strictObject({ targets: z.array(target) }),
})
export const getTarget = defineRoute({
  id: 'target',
  method: 'GET',
  path: '/api/targets/:id',
  tag,
  who: staff,
  summary: 'One target',
  params: z.strictObject({ id: id('tgt') }),
  answer: target,
})
export const identifyTarget = defineRoute({
  id: 'identifyTarget',
  method: 'POST',
  path: '/api/targets/identify',
  tag,
  who: ['administrators'],
  setup: true,
  summary: 'Ask a target who it is, without sending it anything secret; what you then compare and pin',
  body: z.strictObject({ kind: z.string().max(40), settings }),
  answer: z.strictObject({ identity }),
})
export const addTarget = defineRoute({
  id: 'addTarget',
  method: 'POST',
  path: '/api/targets',
  tag,
  who: ['administrators'],
  setup: true,
  summary: 'Add a target with its pinned identity and the account that manages it',
  body: z.strictObject({
    name: shortName,
    kind: z.string().max(40),
    environment,
    tier: tier.default(1),
    settings,
    identity,
    /** The account with which we discover and rotate; its credential is sealed at once and replaced at take-over. */
    login: z.strictObject({ account: shortName, kind: z.enum(['password', 'ssh-key']), secret: z.string().min(1).max(16_384) }),
    ...stepUp,
  }),
  answer: target,
})
export const changeTarget = defineRoute({
  id: 'changeTarget',
  method: 'PATCH',
  path: '/api/targets/:id',
  tag,
  who: ['administrators'],
  summary: 'Change address, identity, tier or environment; voids what was asked or granted on it',
  params: z.strictObject({ id: id('tgt') }),
  body: z.strictObject({
    settings: settings.optional(),
    identity: identity.optional(),
    tier: tier.optional(),
    environment: environment.optional(),
    ...stepUp,
  }),
  answer: z.strictObject({ target, voided: z.strictObject({ requests: z.array(id('req')), grants: z.array(id('grt')) }) }),
})
export const discoverTarget = defineRoute({
  id: 'discoverTarget',
  method: 'POST',
  path: '/api/targets/:id/discover',
  tag,
  who: ['administrators', 'security'],
  setup: true,
  summary: 'Look for privileged accounts now',
  params: z.strictObject({ id: id('tgt') }),
  answer: z.strictObject({ found: z.int(), added: z.int(), gone: z.array(shortName), accounts: z.array(account) }),
})
export const accounts = defineRoute({
  id: 'accounts',
  method: 'GET',
  path: '/api/accounts',
  tag,
  who: staff,
  summary: 'The privileged accounts',
  query: z.strictObject({ target: shortName.optional(), ...page }),
  answer: z.strictObject({ accounts: z.array(account) }),
})
export const getAccount = defineRoute({
  id: 'account',
  method: 'GET',
  path: '/api/accounts/:id',
  tag,
  who: staff,
  summary: 'One account',
  params: z.strictObject({ id: id('acc') }),
  answer: account,
})

export const rotation = z.strictObject({
  id: id('rot'),
  account: z.strictObject({ id: id('acc'), name: shortName, target: shortName }),
  credential: z.enum(['password', 'ssh-key']),
  trigger: z.enum(['take-over', 'check-in', 'on-demand', 'recovery']),
  /** prepared: candidate stored and escrowed; changed: set on the target; verified: a fresh login proved it; done: promoted, the old one refused. */
  state: z.enum(['prepared', 'changed', 'verified', 'done', 'failed']),
  attempt: z.int(),
  version: z.int(),
  startedAt: time,
  verifiedAt: time.nullable(),
  /** When the target refused the previous credential. */
  oldRefusedAt: time.nullable(),
  finishedAt: time.nullable(),
  /** Fingerprints of foreign keys that were removed. */
  removed: z.array(z.string()),
  error: z.string().nullable(),
})
export type Rotation = z.infer<typeof rotation>

export const rotateAccount = defineRoute({
  id: 'rotateAccount',
  method: 'POST',
  path: '/api/accounts/:id/rotate',
  tag: 'rotation',
  who: ['administrators', 'security'],
  summary: 'Replace the credentials of an account now; the first time this takes it over. Answers when each is done or failed',
  params: z.strictObject({ id: id('acc') }),
  body: z.strictObject({ reason: line(500).default('on demand') }),
  answer: z.strictObject({ rotations: z.array(rotation) }),
})
export const rotations = defineRoute({
  id: 'rotations',
  method: 'GET',
  path: '/api/rotations',
  tag: 'rotation',
  who: staff,
  summary: 'Rotations, newest first',
  query: z.strictObject({ account: id('acc').optional(), ...page }),
  answer: z.strictObject({ rotations: z.array(rotation) }),
})
