import type { audit } from '@claviger/api'
import type { Tone } from './access.ts'

/** What an act is called where its history is read. An act without a word here is shown by its name: nothing is left out. */
const acts: Record<string, string> = {
  'identity.person_invited': 'Person invited',
  'identity.enrolment_begun': 'Enrolment begun',
  'identity.person_enrolled': 'Person enrolled',
  'identity.person_disabled': 'Person disabled',
  'identity.person_enabled': 'Person enabled',
  'identity.person_confirmed': 'Person confirmed',
  'identity.person_reset': 'Person reset',
  'identity.groups_left': 'Taken out of groups',
  'identity.password_accepted': 'Password accepted',
  'identity.signed_in': 'Signed in',
  'identity.signed_out': 'Signed out',
  'identity.ssh_key_added': 'SSH key added',
  'identity.ssh_key_removed': 'SSH key removed',
  'policy.laid_down': 'Rules laid down',
  'inventory.target_added': 'Target added',
  'inventory.target_changed': 'Target changed',
  'inventory.discovery': 'Search for accounts begun',
  'inventory.discovered': 'Searched for accounts',
  'inventory.discovery_failed': 'Search for accounts failed',
  'inventory.account_managed': 'Taken over into the vault',
  'rotation.begun': 'Rotation begun',
  'rotation.done': 'Rotated and proven',
  'rotation.failed': 'Rotation failed',
  'access.requested': 'Access asked for',
  'access.approved': 'Request approved',
  'access.denied': 'Request denied',
  'access.granted': 'Access granted',
  'access.grant_ended': 'Grant ended',
  'session.opening': 'Session being opened',
  'session.opened': 'Session opened',
  'session.not_opened': 'Session not opened',
  'session.ended': 'Session ended',
  'session.attempt': 'Attempt at the door',
  'recording.viewed': 'Recording viewed',
  'alarm.control_silent': 'A control fell silent',
  'control.restored': 'A control works again',
  'alarm.impostor': 'Impostor: something else answered as this target',
}
export const actInWords = (act: string): string => acts[act] ?? act

export function phaseOf(entry: Pick<audit.Entry, 'phase'>): { word: string; tone: Tone } | undefined {
  if (entry.phase === 'alarm') return { word: 'Alarm', tone: 'bad' }
  if (entry.phase === 'refused') return { word: 'Refused', tone: 'wait' }
  if (entry.phase === 'intent') return { word: 'Intent', tone: 'over' }
  return undefined
}

const most = 5
/** Long proofs, and ids of what has no page of its own. */
const dull = new Set([
  'manifest',
  'signature',
  'header',
  'head',
  'obligations',
  'identity',
  'digest',
  'rotation',
  'recording',
  'approval',
  'action',
  'notice',
])
const plain = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(plain).join(', ')
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** The fields that say something to a person: not the thing itself, no proofs, nothing empty. What was said comes before what was written. */
export function detailsOf(entry: Pick<audit.Entry, 'fields' | 'personal'>, subject: string): [string, string][] {
  return [...Object.entries(entry.personal), ...Object.entries(entry.fields)]
    .map(([name, value]): [string, string] => [name, plain(value)])
    .filter(([name, said]) => said !== '' && said !== 'null' && said !== subject && !dull.has(name))
    .slice(0, most)
}
