import { readFileSync } from 'node:fs'
import { kits } from '@claviger/api'
import { fail, ok, type Result } from './kernel/result.ts'

const longest = 64 * 1024

/** Reads the file of CLAVIGER_KIT_ROADS. Without one a kit tells nobody, and says so when it is opened. */
export function readKitRoads(path: string | undefined): Result<kits.Roads, string> {
  if (path === undefined) return ok(kits.roads.parse({}))
  const no = (what: string) => fail(`CLAVIGER_KIT_ROADS: ${path} ${what}`)
  let json: unknown
  try {
    const text = readFileSync(path, 'utf8')
    if (text.length > longest) return no('is too long')
    json = JSON.parse(text)
  } catch (error) {
    return no(`cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  const parsed = kits.roads.safeParse(json)
  return parsed.success ? ok(parsed.data) : no(parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '))
}
