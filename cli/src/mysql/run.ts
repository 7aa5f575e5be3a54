import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writePrivate } from '../kit/files.ts'
import { runClient } from '../kit/run-client.ts'
import { type MysqlConnection, optionFile } from './connection.ts'

/** Runs the person's mariadb on this very terminal and answers its exit status. The ticket is in a file of ours that only its owner can read. */
export async function runMariadb(
  connection: MysqlConnection,
  ticket: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const folder = mkdtempSync(join(env.XDG_RUNTIME_DIR ?? tmpdir(), 'claviger-mariadb-'))
  const file = join(folder, 'client.cnf')
  try {
    writePrivate(file, optionFile(connection, ticket))
    // where else the person connects is not meant here
    const own = Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:MYSQL|MARIADB)_/.test(name)))
    return await runClient('mariadb', [`--defaults-file=${file}`, ...args], own, 'apt-get install mariadb-client')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
