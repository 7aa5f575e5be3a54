import { z } from 'zod'
import { about, credentialKind, loginKind } from '../credential-kinds.ts'
import { defineRoute } from '../route.ts'
import { category, environment, id, line, page, scope, shortName, stepUp, tier, time } from '../values.ts'
import { somebody } from './access.ts'

export * from './rotations.ts'

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
  /** The account with which we discover and rotate; null of a target that Claviger does not reach. */
  manager: shortName.nullable(),
  /** A second privileged account, which resets one whose credential is unknown. */
  reconciler: shortName.nullable(),
  /** pci: card numbers are left out of what sessions record. phi: policy asks for more. */
  scopes: z.array(scope),
  capabilities: z.array(z.string()),
  accounts: z.int(),
  /** The same accounts by their state. */
  states: z.strictObject({ found: z.int(), managed: z.int(), held: z.int() }),
  lastDiscovery: time.nullable(),
})
export type Target = z.infer<typeof target>

/** found: known, not vaulted; managed: only we know its credentials; held: may not be used until someone looks. */
const state = z.enum(['found', 'managed', 'held'])

export const account = z.strictObject({
  id: id('acc'),
  name: shortName,
  target: z.strictObject({ id: id('tgt'), name: shortName, kind: z.string(), environment }),
  category,
  tier,
  tierLabel: z.string(),
  privileges: z.array(z.string()),
  state,
  /** Since when it is watched and nothing of it replaced, because what uses it may not be known; null: it may be rotated. */
  observedSince: time.nullable(),
  /** Whether people bring in its credentials, since Claviger does not reach its target; else the server makes and replaces them. */
  byHand: z.boolean(),
  /** Whether the server can make another credential of it: a password or a key, where Claviger reaches it. A certificate is brought in. */
  replaceable: z.boolean(),
  credentials: z.array(z.strictObject({ kind: credentialKind, version: z.int(), rotatedAt: time.nullable(), verifiedAt: time.nullable() })),
  authorisedKeys: z.array(z.strictObject({ fingerprint: z.string(), comment: z.string() })),
})
export type Account = z.infer<typeof account>

/** A page of a list: `after` is the id of the last row of the page before, `next` is what to give for the one that follows. */
const paged = { total: z.int(), next: z.string().nullable() }
const search = line(64).optional()

export const targets = defineRoute({
  id: 'targets',
  method: 'GET',
  path: '/api/targets',
  tag,
  who: staff,
  summary: 'The targets by name, a page at a time',
  query: z.strictObject({
    /** In name or address, as plain text. */
    search,
    kind: z.string().max(40).optional(),
    environment: environment.optional(),
    tier: z.coerce.number().pipe(tier).optional(),
    ...page,
  }),
  answer: z.strictObject({ targets: z.array(target), ...paged }),
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
    scopes: z.array(scope).max(2).default([]),
    settings,
    /** Left out, as the login is, for a kind that Claviger does not reach (`stored`). */
    identity: identity.optional(),
    /** The account with which we discover and rotate; its credential is sealed at once and replaced at take-over. */
    login: z.strictObject({ account: shortName, kind: loginKind, secret: z.string().min(1).max(16_384) }).optional(),
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
  summary: 'Change address, identity, tier, environment, scopes or reconciler; voids what was asked or granted on it',
  params: z.strictObject({ id: id('tgt') }),
  body: z.strictObject({
    settings: settings.optional(),
    identity: identity.optional(),
    tier: tier.optional(),
    environment: environment.optional(),
    /** All of them; an empty list for none. */
    scopes: z.array(scope).max(2).optional(),
    /** Another account of this target, taken over; null for none. */
    reconciler: shortName.nullable().optional(),
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
  summary: 'The privileged accounts by target and name, a page at a time',
  query: z.strictObject({
    /** Those of one target, by its name. */
    target: shortName.optional(),
    /** In account, target or `account@target`, as plain text. */
    search,
    category: category.optional(),
    tier: z.coerce.number().pipe(tier).optional(),
    state: state.optional(),
    ...page,
  }),
  answer: z.strictObject({ accounts: z.array(account), ...paged }),
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

export const observeAccount = defineRoute({
  id: 'observeAccount',
  method: 'POST',
  path: '/api/accounts/:id/observe',
  tag,
  who: ['administrators'],
  summary: 'Let nothing of an account be replaced until what uses it is known; or say that it is',
  about: 'Service accounts begin so when they are found. While it is observed no rotation of any kind touches it.',
  params: z.strictObject({ id: id('acc') }),
  body: z.strictObject({ observe: z.boolean(), reason: line(500), ...stepUp }),
  answer: z.strictObject({ observed: z.boolean() }),
})

/** One version of a credential: that it exists and what became of it. The credential itself no route answers. */
export const version = z.strictObject({
  credential: credentialKind,
  version: z.int(),
  /** candidate: being set; current: the one in use; previous: kept until the next is proven; destroyed: nobody can read it any more. */
  state: z.enum(['candidate', 'current', 'previous', 'destroyed']),
  at: time,
  /** What is no secret of one that was brought in; null of a password or an SSH key. */
  about: about.nullable(),
  /** Until when it is good by itself, such as a certificate. */
  expiresAt: time.nullable(),
  /** Who brought it in; null where the vault made it. */
  broughtBy: somebody.nullable(),
})
export const accountVersions = defineRoute({
  id: 'accountVersions',
  method: 'GET',
  path: '/api/accounts/:id/versions',
  tag,
  who: staff,
  summary: 'Which versions of its credentials the vault holds, newest first; never the credentials',
  params: z.strictObject({ id: id('acc') }),
  answer: z.strictObject({ versions: z.array(version).max(200) }),
})
export const standing = defineRoute({
  id: 'standing',
  method: 'GET',
  path: '/api/standing',
  tag,
  who: staff,
  summary: 'Privileged accounts counted by tier, category and state: what stands open, and what opens just in time',
  answer: z.strictObject({
    counts: z.array(z.strictObject({ tier, category, state, accounts: z.int() })).max(100),
    /** Accounts that keys open which are not ours. */
    foreignKeys: z.int(),
    targets: z.int(),
    neverSearched: z.int(),
  }),
})

/** One setting of a kind, as a form needs it. What is given is checked again by the kind itself. */
export const setting = z.strictObject({
  name: z.string(),
  type: z.enum(['text', 'long-text', 'number', 'boolean', 'choice']),
  required: z.boolean(),
  fallback: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  choices: z.array(z.string()).max(20),
  about: z.string(),
})
export type Setting = z.infer<typeof setting>
export const kind = z.strictObject({
  name: z.string(),
  capabilities: z.array(z.string()),
  /** `stored` kinds take more than what logs in. */
  credentialKinds: z.array(credentialKind),
  /** What people may bring in of an account there. */
  broughtKinds: z.array(credentialKind),
  /** Whether Claviger connects to such targets; what is kept for the others is brought in and replaced by hand. */
  reached: z.boolean(),
  settings: z.array(setting),
})
export type Kind = z.infer<typeof kind>
export const targetKinds = defineRoute({
  id: 'targetKinds',
  method: 'GET',
  path: '/api/target-kinds',
  tag,
  who: staff,
  summary: 'The kinds of target that this server supports, with their settings',
  answer: z.strictObject({ kinds: z.array(kind) }),
})
