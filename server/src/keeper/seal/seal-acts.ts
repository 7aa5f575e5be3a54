/**
 * What the keeper records of its own seal, with the fields that are shown and those that are personal. Entries like all others; those that
 * happen while the ledger's keys are away are kept in the folder and entered at the next unseal.
 */
export const sealActs = {
  'seal.initialised': { shown: ['by', 'kind', 'set', 'threshold', 'shares'], personal: [] },
  'seal.share_given': { shown: ['number', 'given', 'threshold', 'set'], personal: ['source'] },
  'seal.share_refused': { shown: ['code', 'number', 'set'], personal: ['source'] },
  'seal.does_not_open': { shown: [], personal: [] },
  'seal.waits': { shown: ['code'], personal: [] },
  'seal.unsealed': { shown: ['set'], personal: [] },
  'seal.ceremony_begun': { shown: ['goal', 'kind', 'shares', 'threshold', 'locations'], personal: [] },
  'seal.ceremony_confirmed': { shown: ['goal'], personal: [] },
  'seal.ceremony_dropped': { shown: ['goal'], personal: [] },
  'seal.shares_made': { shown: ['set', 'shares', 'threshold'], personal: [] },
  'seal.share_typed_back': { shown: ['number', 'given', 'shares', 'set'], personal: ['source'] },
  'seal.replaced': { shown: ['kind', 'from', 'set', 'threshold', 'shares', 'confirmed'], personal: [] },
  'seal.keys_rotated': { shown: ['locations', 'confirmed'], personal: [] },
  'seal.key_destroyed': { shown: ['location', 'version'], personal: [] },
  'seal.sealed': { shown: ['grants'], personal: [] },
  'seal.adopted': { shown: ['size', 'root'], personal: [] },
  'seal.notes_full': { shown: ['kept'], personal: [] },
  'alarm.seal': { shown: ['kind', 'subject', 'why'], personal: [] },
} as const

export type SealAct = keyof typeof sealActs
type Value = string | number | null
export type SealFields<A extends SealAct> = Readonly<Record<(typeof sealActs)[A]['shown'][number], Value>>
export type SealPersonal<A extends SealAct> = Readonly<Record<(typeof sealActs)[A]['personal'][number], string>>
