import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import { line, runErrand, type Said } from '../errand/run-errand.ts'
import type { TokenAsk, TokenFault, TokenLine } from './wire.ts'

/** Where a token is, and the program that speaks with it. */
export interface TokenPlace {
  /** Path of the PKCS#11 module. */
  module: string
  /** The token's name. */
  token: string
  serial?: string | undefined
  /** What the module reads from its environment: it gets this and nothing else. */
  environment: Readonly<Record<string, string>>
  /** `token-program.ts`, where the user that we run as can read it. */
  program: string
  /** Milliseconds after which an operation is given up. */
  limitMs?: number
}

export interface TokenFailure {
  fault: TokenFault | 'crashed' | 'late'
  detail: string
  /** Whether the token was given the PIN, and took it: of one that was `given` nobody knows. */
  pin: 'kept' | 'given' | 'accepted'
}

export interface TokenAnswer {
  serial: string
  /** Hex. */
  iv: string
  bytes: Buffer
}

const usualLimitMs = 15_000

type Wanted = Pick<TokenAsk, 'do' | 'key' | 'associated' | 'although'> & { iv?: string; serial?: string | undefined }

/** One operation of the token, in a process of its own. The PIN and the data stay the caller's to wipe, and so are the bytes that come back. */
export async function askToken(
  place: TokenPlace,
  pin: Secret,
  { serial = place.serial, ...wanted }: Wanted,
  data: Uint8Array,
): Promise<Result<TokenAnswer, TokenFailure>> {
  const { module, token, program, environment, limitMs = usualLimitMs } = place
  const ask: TokenAsk = { module, token, ...wanted, serial }
  return understood(await pin.lend('unseal', (bytes) => runErrand({ program, environment, limitMs }, ask, [bytes, data])))
}

function understood(said: Said): Result<TokenAnswer, TokenFailure> {
  let pin: TokenFailure['pin'] = 'kept'
  for (let at = 0; ; ) {
    const read = line<TokenLine>(said, at)
    if (!read) return fail({ fault: said.late ? 'late' : 'crashed', detail: '', pin })
    const { value, end } = read
    if ('at' in value) pin = value.at === 'in' ? 'accepted' : 'given'
    else if (value.ok) return ok({ serial: value.serial, iv: value.iv, bytes: said.all.subarray(end) })
    else return fail({ fault: value.fault, detail: value.detail, pin })
    at = end
  }
}
