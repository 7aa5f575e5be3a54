import type { backup as api } from '@claviger/api'
import { StateChip } from '../ui/chip.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { fileAddress } from './use-backups.ts'
import { sizeOf, stateOf, worthOf } from './words.ts'

type Backup = api.Backup

const columns = (fetches: boolean): Column<Backup>[] => [
  { name: 'Of', cell: (b) => <When at={b.takenAt ?? b.begunAt} as="moment" />, narrow: 'top', tight: true },
  { name: 'State', cell: (b) => <StateChip {...stateOf(b)} />, narrow: 'top-end', tight: true },
  { name: 'Worth', cell: worthOf, narrow: 'middle' },
  { name: 'By', cell: (b) => b.begunBy ?? 'schedule', narrow: 'bottom', called: 'by', tight: true },
  { name: 'Entries', cell: (b) => b.entries?.toLocaleString('en') ?? '–', tight: true },
  { name: 'Size', cell: (b) => sizeOf(b.bytes), narrow: 'bottom-end', tight: true },
  { name: 'Recordings', cell: (b) => (b.recordings ? 'with' : 'without'), tight: true },
  {
    name: 'File',
    cell: (b) =>
      b.kept && fetches ? (
        <a href={fileAddress(b.id)} download={b.file ?? undefined} aria-label={`Fetch the backup ${b.id}`}>
          fetch
        </a>
      ) : (
        <span className="quiet">{b.kept ? 'here' : 'not here'}</span>
      ),
    narrow: 'middle-end',
    tight: true,
  },
]

/** Backups, newest first. */
export const BackupsTable = ({ rows, fetches }: { rows: readonly Backup[] | undefined; fetches: boolean }) => (
  <Rows label="Backups" rows={rows} columns={columns(fetches)} idOf={(b) => b.id} />
)
