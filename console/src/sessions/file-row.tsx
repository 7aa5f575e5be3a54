import type { session } from '@claviger/api'
import { StateChip } from '../ui/chip.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { clock } from '../words/duration.ts'
import { fileOps, fileOutcomes, sizeInWords } from '../words/file.ts'
import styles from './files.module.css'

/** What was done to one file, with the hash of what passed. `sent`: by a statement, from the person's machine. */
export const FileRow = ({ file: f, sent = false }: { file: session.FileAct; sent?: boolean }) => (
  <li className={styles.row}>
    <span className={styles.n}>{f.n}</span>
    <span className={styles.at}>{clock(f.seconds)}</span>
    <span className={styles.op}>{sent ? sentOrNot(f) : fileOps[f.op]}</span>
    <span className={styles.path}>
      <code>{f.path}</code>
      {f.to !== null && (
        <>
          {' '}
          {f.op === 'rename' || f.op === 'link' || f.op === 'symlink' || f.op === 'copy' ? 'to' : 'as'} <code>{f.to}</code>
        </>
      )}
    </span>
    <span className={styles.size}>{f.bytes === null ? '' : sizeInWords(f.bytes)}</span>
    <span className={styles.outcome}>
      <StateChip {...fileOutcomes[f.outcome]} />
    </span>
    {(f.sha256 ?? f.message ?? (f.from > 0 || null)) !== null && (
      <div className={styles.more}>
        {f.message && <p>{f.message}</p>}
        {f.from > 0 && `From byte ${f.from.toLocaleString('en-GB')} on. `}
        {f.sha256 && <Copyable value={f.sha256} shown={`SHA-256 ${f.sha256.slice(0, 16)}…`} what="SHA-256 of what passed" />}
      </div>
    )}
  </li>
)

/** What policy refuses, and what nobody allows, the client is never asked for. */
const sentOrNot = ({ bytes, outcome }: session.FileAct): string => (bytes === null && outcome === 'failed' ? 'Not sent' : 'Sent')
