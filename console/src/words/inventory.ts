import type { CredentialKind, inventory } from '@claviger/api'
import type { Tone } from './access.ts'

type State = inventory.Account['state']

/** What the states of an account mean to somebody who looks for what stands open. */
export const accountStates: Record<State, { word: string; tone: Tone; about: string }> = {
  managed: { word: 'Vaulted', tone: 'good', about: 'Only the vault knows its credential; it changes after each use.' },
  found: { word: 'Standing', tone: 'wait', about: 'Known, but not taken over: whoever holds its credential can use it at any time.' },
  held: { word: 'Held', tone: 'bad', about: 'Nobody gets in with it until an administrator releases it.' },
}

/** Of a vaulted account whose credentials people bring in. */
export const certifiedInWords =
  'Sessions log in with a certificate from the vault. It stays the same after each use: whoever has a copy gets in where the target lets them.'
export const byHandInWords = 'People bring in its credentials; each use is under a grant.'

export const scopeWords = { pci: 'Card data (pci)', phi: 'Health data (phi)' } as const
export const tierWords = ['Tier 0 · critical', 'Tier 1 · high', 'Tier 2 · standard', 'Tier 3 · low'] as const

export const categoryWords: Record<inventory.Account['category'], string> = {
  'domain-admin': 'Domain admin',
  'local-admin': 'Local admin',
  service: 'Service',
  database: 'Database',
  'cloud-iam': 'Cloud IAM',
  'network-device': 'Network device',
  application: 'Application',
}

/** One word about a target: the worst that is true of its accounts. */
export function targetState(t: Pick<inventory.Target, 'states' | 'accounts' | 'lastDiscovery' | 'manager'>): { word: string; tone: Tone } {
  if (t.states.held > 0) return { word: `${t.states.held} held`, tone: 'bad' }
  if (t.states.found > 0) return { word: `${t.states.found} standing`, tone: 'wait' }
  if (t.accounts > 0) return { word: 'All vaulted', tone: 'good' }
  if (t.manager === null) return { word: 'Empty', tone: 'over' }
  return t.lastDiscovery ? { word: 'No account', tone: 'over' } : { word: 'Not searched', tone: 'wait' }
}

const triggers: Record<inventory.Rotation['trigger'], string> = {
  'take-over': 'taken over',
  'check-in': 'after a grant ended',
  'on-demand': 'asked for by hand',
  recovery: 'finished after a crash',
  schedule: 'it was old enough',
  compromise: 'it may be in other hands',
  drift: 'the target refused what the vault has',
  reconcile: 'reset by another account',
}
export const triggerInWords = (r: Pick<inventory.Rotation, 'trigger'>): string => triggers[r.trigger]

export function rotationState(r: inventory.Rotation): { word: string; tone: Tone } {
  if (r.state === 'done') return { word: 'Proven', tone: 'good' }
  if (r.state === 'failed') return { word: 'Failed', tone: 'bad' }
  return { word: 'Running', tone: 'wait' }
}

/** Why there is no moment at which the target refused the old credential. The first version that the vault holds replaced one that it never knew. */
export function oldOneInWords(r: Pick<inventory.Rotation, 'version' | 'state' | 'error'>): string {
  if (r.error === 'rotation.old_still_works') return 'it still works'
  if (r.state === 'failed') return 'not tried'
  if (r.state !== 'done') return 'not yet'
  return r.version === 1 ? 'none was known' : 'could not be tried'
}

export const credentialWords: Record<CredentialKind, string> = {
  password: 'Password',
  'ssh-key': 'SSH key',
  'api-key': 'API key',
  tls: 'TLS certificate',
  json: 'JSON document',
  file: 'File',
}

const versionStates: Record<string, { word: string; tone: Tone }> = {
  current: { word: 'In use', tone: 'good' },
  candidate: { word: 'Being set', tone: 'wait' },
  previous: { word: 'Superseded', tone: 'over' },
  destroyed: { word: 'Destroyed', tone: 'over' },
}
export const versionState = (state: string): { word: string; tone: Tone } => versionStates[state] ?? { word: state, tone: 'over' }

/** `hostKey` → `Host key`: settings and identities are named as programs name them. */
export const fieldName = (name: string): string => {
  const spaced = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  if (['ca', 'tls'].includes(spaced)) return spaced.toUpperCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

/** `no grants`, `1 grant`, `3 grants`. */
export const count = (n: number, what: string): string => `${n === 0 ? 'no' : n} ${what}${n === 1 ? '' : 's'}`
