import type { Path, Wire } from './ways.ts'

/** Why a cell is none, where more than one act says the same. */
export const noProgram = 'A program speaks SSH itself, with ssh or a library: that is the native client.'
export const onlyShell = 'The console opens a shell.'
export const noFiles = 'The console carries no files.'
export const noFilesByPage = 'The page of SQL sends no files.'
export const filesByClient =
  '`claviger connect` opens shells and commands; for files it leaves `sftp` and `scp` a configuration, and they are native.'

/** Paths by which no session is opened, for each wire. */
export const notOpened: Record<Wire, Partial<Record<Path, string>>> = {
  ssh: { api: noProgram },
  postgres: {},
  mysql: {},
}
