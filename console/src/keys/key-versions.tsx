import { Progress } from '@mantine/core'
import { StateChip } from '../ui/chip.tsx'
import { Failure } from '../ui/failure.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import styles from './keys.module.css'
import { type KeyProgress, useKeyProgress } from './use-ceremony.ts'
import { locationWords, partDone } from './words.ts'

type Key = KeyProgress['keys'][number]

const percent = (key: Key) => Math.floor(partDone(key) * 100)

const columns: Column<Key>[] = [
  {
    name: 'Location',
    cell: (k) => (
      <>
        <strong>{k.location}</strong> <span className="quiet">{locationWords[k.location]}</span>
      </>
    ),
    narrow: 'top',
  },
  { name: 'Version', cell: (k) => k.version, narrow: 'middle', called: 'version', tight: true },
  {
    name: 'Sealed under it',
    cell: (k) => (
      <div className={styles.bar}>
        <Progress.Root size="md">
          <Progress.Section value={percent(k)} aria-label={`${k.location}: ${percent(k)} % under the newest key`} color="var(--accent)" />
        </Progress.Root>
        <span>
          {k.done.toLocaleString('en')} of {(k.done + k.left).toLocaleString('en')}
        </span>
      </div>
    ),
    narrow: 'bottom',
  },
  {
    name: 'Old keys',
    cell: (k) =>
      k.stuck > 0 ? (
        <StateChip word={`${k.stuck} do not open: see the alarms`} tone="bad" />
      ) : k.kept.length > 0 ? (
        `version ${k.kept.join(', ')}, until nothing lies under it`
      ) : k.version === 1 ? (
        'none'
      ) : (
        'destroyed'
      ),
    narrow: 'bottom-end',
    called: 'old keys',
  },
]

/** Each location key, and how far what lay under older versions is sealed anew. It goes on over restarts. */
export function KeyVersions() {
  const { data, error, refetch } = useKeyProgress()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  return (
    <>
      <p className={styles.about} role="status">
        {data?.busy
          ? 'What lies under older keys is being sealed anew, in the background, also after a restart. No credential changes.'
          : 'Everything lies under the newest keys.'}
      </p>
      <Rows label="Location keys" rows={data?.keys} columns={columns} idOf={(k) => k.location} />
    </>
  )
}
