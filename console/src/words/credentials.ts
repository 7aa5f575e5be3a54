import type { About, credentials } from '@claviger/api'

type Counts = credentials.CredentialReport['counts']

/** Each finding in one word, and what it means. */
export const findings: readonly { finding: credentials.Finding; word: string; about: string }[] = [
  { finding: 'weak', word: 'Weak', about: 'fewer bits than is asked' },
  { finding: 'reused', word: 'Reused', about: 'another account has or had the same' },
  { finding: 'old', word: 'Old', about: 'made more than 90 days ago' },
  { finding: 'expiring', word: 'Expiring', about: 'over within 30 days, or already' },
  { finding: 'shared', word: 'Shared', about: 'more than one person had it since it was made' },
]

/** For the report, or said beside it. */
const quiet = ['key', 'bits', 'notBefore', 'notAfter']

/** What is known of a credential that was brought in: `name keyring.p12, size 4096`. */
export const aboutInWords = (about: About | null): string =>
  Object.entries(about ?? {})
    .filter(([field, value]) => !quiet.includes(field) && !(Array.isArray(value) && value.length === 0))
    .map(([field, value]) => `${field} ${Array.isArray(value) ? value.join(' ') : value}`)
    .join(', ') || '–'

/** The page in one sentence. */
export function reportInWords(counts: Counts): string {
  if (counts.credentials === 0) return 'The vault holds no credentials yet.'
  const bad = counts.weak + counts.reused
  if (bad === 0) return `None of ${counts.credentials} credentials is weak or used twice.`
  return `Of ${counts.credentials} credentials ${counts.weak} ${counts.weak === 1 ? 'is' : 'are'} weak and ${counts.reused} used more than once.`
}
