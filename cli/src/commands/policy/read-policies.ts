import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { CliError } from '../../kit/exit.ts'

export interface Wanted {
  name: string
  text: string | null
}
const ending = '.cedar'
const most = 200

/** Policies from files, each named as its file, and those that shall be retired. A folder stands for the policies in it. */
export function readPolicies(paths: readonly string[], retire: readonly string[]): Wanted[] {
  const wanted: Wanted[] = [
    ...paths.flatMap(filesIn).map((path) => ({ name: basename(path, ending), text: textOf(path) })),
    ...retire.map((name) => ({ name, text: null })),
  ]
  if (wanted.length === 0)
    throw new CliError('usage', 'There are no policies here.', `name files that end in ${ending}, a folder of them, or --retire NAME`)
  if (wanted.length > most)
    throw new CliError('usage', `These are ${wanted.length} policies; ${most} are read at once.`, 'name fewer files')
  return wanted
}

function filesIn(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    const names = readdirSync(path).filter((name) => name.endsWith(ending))
    return names.sort().map((name) => join(path, name))
  } catch (error) {
    throw unreadable(path, error)
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw unreadable(path, error)
  }
}

const unreadable = (path: string, error: unknown) =>
  new CliError('usage', `Cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? String(error)}).`, 'claviger policy save FOLDER')
