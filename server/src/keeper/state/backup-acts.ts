/** What the keeper records of backups by itself, with the fields that are shown and those that are personal. Outcomes are the api process's entries. */
export const backupActs = {
  'backup.begun': { shown: ['backup', 'recipients', 'recordings'], personal: [] },
  'backup.restored': { shown: ['backup', 'takenAt', 'restoredAt', 'size', 'anchoredTo', 'seen', 'epoch'], personal: [] },
} as const

export type BackupFields<A extends keyof typeof backupActs> = Readonly<
  Record<(typeof backupActs)[A]['shown'][number], string | number | boolean | null | string[]>
>
