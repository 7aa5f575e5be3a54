import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { PolicyError } from './errors.ts'

/** The policies that a new installation begins with: one a file, named by its file. Read at initialisation only. */
export function loadDefaultPolicies(folder: string): Result<readonly { name: string; text: string }[], PolicyError> {
  try {
    const files = readdirSync(folder)
      .filter((file) => file.endsWith('.cedar'))
      .sort()
    if (files.length === 0) return fail({ code: 'policy.folder_unreadable', folder })
    return ok(files.map((file) => ({ name: file.slice(0, -'.cedar'.length), text: readFileSync(join(folder, file), 'utf8') })))
  } catch {
    // not there or not readable: without its policies an installation permits nothing, and should say why
    return fail({ code: 'policy.folder_unreadable', folder })
  }
}
