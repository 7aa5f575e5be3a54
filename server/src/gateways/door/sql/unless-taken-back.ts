import { fail, type Result } from '../../../kernel/result.ts'
import { type Refusal, takenBack } from '../../contract.ts'

const say = 'You took this back. It was not done.'

/** A yes that came while its person took back what it was about is a no. */
export const unlessTakenBack = <T>(judged: Result<T, Refusal>, { aborted }: AbortSignal): Result<T, Refusal> =>
  judged.ok && aborted ? fail({ code: takenBack, say }) : judged
