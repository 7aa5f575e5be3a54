import type { people } from '@claviger/api'
import type { Tone } from './access.ts'

export const personStates: Record<people.PersonSummary['state'], { word: string; tone: Tone }> = {
  invited: { word: 'Invited', tone: 'wait' },
  unconfirmed: { word: 'To be confirmed', tone: 'wait' },
  active: { word: 'Active', tone: 'good' },
  disabled: { word: 'Disabled', tone: 'bad' },
}
export const factorWords = { password: 'Password', totp: 'Authenticator', passkey: 'Passkey' } as const
export const signInWords = { browser: 'Browser', cli: 'Command line token' } as const
export const groupNames = ['engineers', 'approvers', 'security', 'auditors', 'administrators'] as const
