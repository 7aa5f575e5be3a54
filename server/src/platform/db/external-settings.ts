import { readFileSync, statSync } from 'node:fs'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { readDatabaseUrl } from './database-url.ts'
import type { DbConnection } from './open-db.ts'

export interface ExternalDatabase {
  /** As the role that owns tables and makes roles; used at start by the supervisor alone. */
  owner: DbConnection
  /** What the passwords of the other roles are made of, the same on all nodes. */
  secret: string
}

const shortestSecret = 32

/** What an operator says about a database of their own. Undefined: nothing, so the embedded one. */
export function readExternalDatabase(given: {
  DATABASE_URL?: string | undefined
  DATABASE_URL_FILE?: string | undefined
  CLAVIGER_DATABASE_SECRET_FILE?: string | undefined
}): Result<ExternalDatabase | undefined, string> {
  const { DATABASE_URL: url, DATABASE_URL_FILE: urlFile, CLAVIGER_DATABASE_SECRET_FILE: secretFile } = given
  if (url !== undefined && urlFile !== undefined) return fail('Set DATABASE_URL or DATABASE_URL_FILE, not both.')
  const text = urlFile === undefined ? ok(url) : readLine('DATABASE_URL_FILE', urlFile)
  if (!text.ok) return text
  if (text.value === undefined || text.value === '') return ok(undefined)
  const owner = readDatabaseUrl(text.value)
  if (!owner.ok) return owner
  if (secretFile === undefined) {
    if (owner.value.password === '')
      return fail(
        'DATABASE_URL holds no password, from which those of our other roles are made. Set CLAVIGER_DATABASE_SECRET_FILE to a file with at least 32 random characters, the same on all nodes: openssl rand -hex 32',
      )
    return ok({ owner: owner.value, secret: owner.value.password })
  }
  const secret = readLine('CLAVIGER_DATABASE_SECRET_FILE', secretFile)
  if (!secret.ok) return secret
  if (secret.value.length < shortestSecret)
    return fail(`${secretFile} holds fewer than ${shortestSecret} characters. Make it anew: openssl rand -hex 32`)
  return ok({ owner: owner.value, secret: secret.value })
}

function readLine(variable: string, file: string): Result<string, string> {
  try {
    if (statSync(file).size > 8192) return fail(`${file} (${variable}) holds more than one line.`)
    const text = readFileSync(file, 'utf8').trim()
    return text === '' || text.includes('\n') ? fail(`${file} (${variable}) must hold one line.`) : ok(text)
  } catch (error) {
    return fail(`${file} (${variable}) cannot be read: ${(error as Error).message}`)
  }
}
