import type { controls } from '@claviger/api'

/** What people must do again and again. */
export const dutyNames: Record<controls.Duty['duty'], string> = { drill: 'Break-glass drill' }

/** What each control is, for people; one that we have no words for is shown by its name. */
const words: Record<string, [name: string, what: string]> = {
  api: ['API', 'the console, the command line and background work'],
  gateway: ['Gateway', 'carries sessions'],
  keeper: ['Keeper', 'holds the keys and signs the ledger'],
  supervisor: ['Supervisor', 'starts the parts again when one ends'],
  database: ['Database', 'answers queries'],
  sequencer: ['Sequencer', 'puts entries into the ledger'],
  anchor: ['Anchor file', 'takes signed checkpoints outside of the database'],
  bucket: ['Bucket', 'takes the recordings of sessions that are over; without it they wait here'],
  recorder: ['Recorder', 'can write recordings; without it no session opens'],
  jobs: ['Jobs', 'rotate credentials after a grant'],
  expiry: ['Expiry', 'ends grants at their time'],
  backup: ['Backup', 'there is a good one that is new enough'],
  peers: ['Other servers', 'are compared with, so that two histories are noticed'],
  clock: ['Clock', 'goes evenly, and as the database’s does'],
}

export const nameOf = (control: string): string => words[control]?.[0] ?? control
export const whatOf = (control: string): string => words[control]?.[1] ?? ''
