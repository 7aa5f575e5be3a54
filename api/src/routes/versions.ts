import { z } from 'zod'
import { credentialKind } from '../credential-kinds.ts'
import { defineRoute } from '../route.ts'
import { id, line, stepUp } from '../values.ts'

const tag = 'versions'
const keep = z.int().min(1).max(1000).meta({ description: 'So many replaced versions of each credential are kept' })
const days = z.int().min(1).max(3650).meta({ description: 'And each for at least so many days after it was replaced' })

/** How long versions that were replaced are kept. Off: for ever. */
const kept = z.strictObject({ keep, days, state: z.enum(['on', 'off']) })
export type VersionPolicy = z.infer<typeof kept>

export const versionPolicy = defineRoute({
  id: 'versionPolicy',
  method: 'GET',
  path: '/api/versions/policy',
  tag,
  who: ['engineers', 'approvers', 'security', 'auditors', 'administrators'],
  summary: 'How many versions of credentials that were replaced are kept, and for how long; off: all, for ever',
  answer: kept,
})
export const changeVersionPolicy = defineRoute({
  id: 'changeVersionPolicy',
  method: 'POST',
  path: '/api/versions/policy',
  tag,
  who: ['security'],
  summary: 'Say how many versions that were replaced are kept and for how long; what is more and older is destroyed within the hour',
  body: z.strictObject({ ...kept.shape, ...stepUp }),
  answer: kept,
})
export const destroyVersions = defineRoute({
  id: 'destroyVersions',
  method: 'POST',
  path: '/api/accounts/:id/versions/destroy',
  tag,
  who: ['security'],
  summary: 'Destroy versions of a credential that were replaced, for ever',
  about:
    'The data key of each goes, and with it the version: never the current one, a candidate, or one of an account whose credential is being looked for. It is complete when the backups that hold it are gone, and what the database keeps of rows that were changed.',
  params: z.strictObject({ id: id('acc') }),
  body: z.strictObject({
    credential: credentialKind,
    versions: z.array(z.int().min(1).max(1_000_000)).min(1).max(200),
    reason: line(500),
    ...stepUp,
  }),
  answer: z.strictObject({
    credential: credentialKind,
    versions: z.array(z.int()),
    /** Whether the keys are gone already; otherwise they go within the hour, and nothing opens them until then. */
    shredded: z.boolean(),
  }),
})
