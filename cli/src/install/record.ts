import { readIfThere } from '../kit/files.ts'
import { at, type Layout, recordIn } from './layout.ts'

/** What stands in `installation.json` beside the releases: where things are, for later upgrades, for uninstalling, and for the command line. */
export interface InstallationRecord {
  version: 1
  data: string
}

export function readRecord(file: string): InstallationRecord | undefined {
  try {
    const known = JSON.parse(readIfThere(file) ?? '') as Partial<InstallationRecord>
    return known.version === 1 && typeof known.data === 'string' ? (known as InstallationRecord) : undefined
  } catch {
    return undefined
  }
}

export const recordOf = (layout: Layout): InstallationRecord | undefined => readRecord(at(layout, recordIn(layout.prefix)))
