import { call, session } from '@claviger/api'
import { must } from '../support/person.ts'
import { verifiedFiles, verifiedStatements } from '../support/verified-list.ts'
import type { Lane } from './lane.ts'

/** How text is marked that everybody must have seen and recorded. */
const marked = /seen-[a-z0-9-]+/g

/**
 * What a session left behind, opened from its sealed file by an auditor's means: how it ended, and of its recording what does not depend on
 * the client: statements, files, commands, and marked text on the screen. `files`: its statements sent some.
 */
export async function recorded(lane: Lane, one: session.Session, { files: hasFiles }: { files: boolean }): Promise<string[]> {
  const params = { id: one.id }
  const to = lane.carol.api
  const lines = [`a session (${one.kind}) that is ${one.state}: ${one.endReason}, status ${one.exitStatus}`]
  if (!one.recording) return [...lines, 'no recording']
  const verified = (by: { ok: boolean; interrupted: boolean }) =>
    lines.push(`its recording is ${one.recording?.state} and ${by.ok && !by.interrupted ? 'verifies' : 'does not verify'}`)
  const filesOf = async () => {
    const { files, ...said } = must(await verifiedFiles(to, one.id, { limit: 500 }))
    verified(said.verified)
    return files.map((f) => `file ${f.op} ${f.path} ${f.to} from ${f.from}: ${f.bytes} bytes, ${f.sha256}, ${f.outcome} ${f.message}`)
  }
  if (one.kind === 'forward') {
    const { forwards } = must(await call(to, session.sessionForwards, { params, query: { limit: 500 } }))
    for (const f of forwards) lines.push(`connection ${f.direction} ${f.host}:${f.port}: ${f.outcome} ${f.message}`)
  } else if (one.kind === 'sql') {
    const { statements, ...said } = must(await verifiedStatements(to, one.id, { limit: 500 }))
    verified(said.verified)
    for (const s of statements)
      lines.push(
        `statement ${JSON.stringify(sqlOf(s.sql))}${s.masked ? ' (masked)' : ''} [${s.parameters.join()}]: ${s.outcome}, ${s.rows} rows, ${s.tag}, ${s.sqlState} ${s.message}`,
      )
    if (hasFiles) lines.push(...(await filesOf()))
  } else if (one.kind === 'files') {
    lines.push(...(await filesOf()))
  } else {
    const { commands, keystrokes, ...said } = must(await call(to, session.replayCommands, { params }))
    verified(said.verified)
    for (const { text } of commands) lines.push(`command ${text}`)
    if (one.kind === 'shell') lines.push(`what was typed is ${keystrokes.proven > 0 ? 'proven by its echo' : 'not proven'}`)
    const cast = must(await call(to, session.replayCast, { params }))
    const shown = [...new Set(textOf(cast).match(marked) ?? [])]
    if (shown.length > 0) lines.push(`on the screen ${shown.join(' ')}`)
  }
  return lines
}

/** psql sends the semicolon along, mariadb does not; and what is killed to cancel a statement has a number of its own. */
const sqlOf = (sql: string): string => sql.replace(/;$/, '').replace(/^kill query \d+$/i, 'kill query …')

/** Of an asciicast: what was put out. */
const textOf = (cast: string): string =>
  cast
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as [number, string, string])
    .filter(([, kind]) => kind === 'o')
    .map(([, , text]) => text)
    .join('')
