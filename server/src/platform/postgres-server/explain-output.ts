import type { PostgresServerError } from './errors.ts'

/**
 * What PostgreSQL's last lines mean for the person who starts the server. Text is all that a program which ended leaves
 * behind; what can be found out without reading it (port, folder, version, space) is checked before it starts.
 */
export function explainOutput(lines: readonly string[], at: { folder: string; address: string }): PostgresServerError {
  const text = lines.join('\n')
  if (/No space left on device|Disk quota exceeded/.test(text)) return { code: 'database.disk_full', folder: at.folder }
  if (/Read-only file system/.test(text)) return { code: 'database.read_only', folder: at.folder }
  if (/Address already in use/.test(text)) return { code: 'database.port_taken', address: at.address }
  const last = lines.findLast((line) => /\b(FATAL|PANIC|ERROR|error):/.test(line)) ?? lines.at(-1) ?? 'it ended without a word'
  return { code: 'database.start_failed', detail: last.replace(/^.*?\b(FATAL|PANIC|ERROR|error):\s*/, '').slice(0, 300) }
}
