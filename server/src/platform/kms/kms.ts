import { fail, ok, type Result } from '../../kernel/result.ts'
import { line, runErrand } from '../errand/run-errand.ts'
import type { KmsAsk, KmsFault, KmsLine } from './wire.ts'

/** A key of a cloud's key service, and the program that speaks with it. */
export interface KmsPlace {
  /** ARN, id or alias. */
  key: string
  region?: string | undefined
  endpoint?: string | undefined
  /** Where the SDK finds its credentials: the variables of its standard chain, and nothing else. */
  environment: Readonly<Record<string, string>>
  /** `kms-program.ts`, where the user that we run as can read it. */
  program: string
  limitMs?: number
}

export interface KmsFailure {
  fault: KmsFault | 'crashed' | 'late'
  detail: string
}

const usualLimitMs = 15_000

/** One operation of the key service, in a process of its own. The data stays the caller's to wipe, and so are the bytes that come back. */
export async function askKms(
  place: KmsPlace,
  wanted: Pick<KmsAsk, 'do' | 'context'> & { key?: string },
  data: Uint8Array,
): Promise<Result<{ key: string; bytes: Buffer }, KmsFailure>> {
  const { program, environment, limitMs = usualLimitMs, ...where } = place
  const { key, region, endpoint } = { ...where, ...wanted }
  const ask: KmsAsk = { do: wanted.do, context: wanted.context, key, region, endpoint }
  const said = await runErrand({ program, environment, limitMs }, ask, [data])
  const read = line<KmsLine>(said, 0)
  if (!read) return fail({ fault: said.late ? 'late' : 'crashed', detail: '' })
  const { value, end } = read
  return value.ok ? ok({ key: value.key, bytes: said.all.subarray(end) }) : fail({ fault: value.fault, detail: value.detail })
}
