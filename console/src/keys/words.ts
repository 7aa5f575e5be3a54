import type { SealStatus } from '../seal/use-seal.ts'
import type { Ceremony, KeyProgress, Location } from './use-ceremony.ts'

export const locations: readonly Location[] = ['system', 'standard', 'recordings', 'officers']

export const locationWords: Readonly<Record<Location, string>> = {
  system: 'second factors, host keys, authorities',
  standard: 'credentials of accounts',
  recordings: 'sessions as they were recorded',
  officers: 'what was typed unseen',
}

type Kind = Exclude<SealStatus['kind'], 'none'>

export const kindWords: Readonly<Record<Kind, string>> = {
  dev: 'a key file beside the data',
  shamir: 'shares of custodians',
  pkcs11: 'a key in an HSM',
  'aws-kms': 'a key of AWS KMS',
}

/** What a ceremony is about to do. */
export const goalInWords = ({ goal, to }: Pick<Ceremony, 'goal' | 'to'>, now: SealStatus['kind']): string => {
  if (goal === 'rotate') return 'New location keys'
  return to === now ? (to === 'shamir' ? 'A new root key, under new shares' : 'A new root key') : `A new root key, under ${kindWords[to]}`
}

/** Of what is sealed under a location key, how much lies under its newest version: 0 to 1. */
export const partDone = ({ done, left }: Pick<KeyProgress['keys'][number], 'done' | 'left'>): number =>
  done + left === 0 ? 1 : done / (done + left)
