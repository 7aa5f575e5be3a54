import type { inventory } from '@claviger/api'
import type { z } from 'zod'

type Version = z.infer<typeof inventory.version>

/** For the report, or said beside it. */
const quiet = ['key', 'bits', 'notBefore']

/** What is known of a credential that was brought in: `id AKIA…`, `name keyring.p12, size 4096`. */
export const aboutInWords = ({ about }: Pick<Version, 'about'>): string =>
  Object.entries(about ?? {})
    .filter(([field, value]) => !quiet.includes(field) && !(Array.isArray(value) && value.length === 0))
    .map(([field, value]) => `${field} ${Array.isArray(value) ? value.join(' ') : value}`)
    .join(', ') || '–'
