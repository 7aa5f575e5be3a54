import type { LoggedIn } from '../../platform/postgres-client/index.ts'
import { authenticationOk, backendKeyData, type CancelKey, notice, parameterStatus, readyForQuery } from '../../protocols/postgres/index.ts'

/** What stands between the login and the first statement, as the target said it; the cancel key is ours. The notice comes before anything can be done. */
export const greeting = ({ parameters }: LoggedIn, sentence: string, { processId, secret }: CancelKey): Buffer =>
  Buffer.concat([
    authenticationOk,
    ...parameters.map(([name, value]) => parameterStatus(name, value)),
    backendKeyData(processId, secret),
    notice(sentence),
    readyForQuery,
  ])
