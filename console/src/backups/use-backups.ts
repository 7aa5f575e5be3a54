import { backup as api } from '@claviger/api'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from '../data/keep-asking.ts'

/** Backups, asked again every few seconds: one that runs moves. */
export const useBackups = () => useQuery({ queryKey: ['backups'], queryFn: () => ask(api.backups), refetchInterval: keepAsking(3_000) })

/** Begins one, to the recipients of the settings. */
export const beginBackup = (code: string, recordings: boolean) => ask(api.beginBackup, { body: { code, recordings } })

export const fileAddress = (id: string): string => api.backupFile.path.replace(':id', id)
