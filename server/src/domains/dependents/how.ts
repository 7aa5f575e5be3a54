import { dependents as api } from '@claviger/api'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { TellHow } from '../../targets/contract.ts'
import type { DependentError } from './errors.ts'

/** What an attested row says is done on a host, looked at as strictly as when it came in. */
export function readHow(settings: unknown): Result<TellHow, DependentError> {
  const read = api.how.safeParse(settings)
  return read.success ? ok(withoutGaps(read.data)) : fail({ code: 'dependents.malformed' })
}

/** What is not said is not there: the row holds no nulls, and what is attested is what is stored. */
export function withoutGaps({ file, run, unit, check }: ReturnType<typeof api.how.parse>): TellHow {
  return {
    ...(file && { file: { path: file.path, as: file.as, ...(file.line !== undefined && { line: file.line }) } }),
    ...(run && { run: { command: run.command, ...(run.user !== undefined && { user: run.user }) } }),
    ...(unit !== undefined && { unit }),
    ...(check !== undefined && { check }),
  }
}
