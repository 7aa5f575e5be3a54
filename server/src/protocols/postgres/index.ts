// protocols/postgres/index.ts — PostgreSQL's wire, version 3.0: bytes in, messages out. No sockets.
export { isAscii, type ReadText, readerFor, type TextReader, utf8 } from './client-encoding.ts'
export {
  type BindBody,
  type BoundValue,
  isBinaryAt,
  type ParseBody,
  readBind,
  readForms,
  readFunctionCall,
  readName,
  readNamed,
  readParse,
  readQuery,
  readTypes,
} from './extended-messages.ts'
export { type ErrorFields, readErrorFields, sqlStateIn } from './fields.ts'
export { type FirstPacket, longestFirstPacket, readFirstPacket } from './first-packet.ts'
export {
  authenticationCode,
  type CancelKey,
  cancelRequest,
  passwordMessage,
  queryMessage,
  readCancelKey,
  readParameter,
  saslInitialResponse,
  saslMechanisms,
  saslResponse,
  sslRequest,
  startupMessage,
} from './login-messages.ts'
export { md5Answer } from './md5-answer.ts'
export { clientSays, idleTransaction, serverSays } from './message-types.ts'
export { type PostgresColumn, readColumns, readRow } from './result-messages.ts'
export { MessageScanner, type MessageSink } from './scan-messages.ts'
export {
  authenticationCleartext,
  authenticationOk,
  backendKeyData,
  fatalError,
  negotiateProtocolVersion,
  notice,
  pageParameters,
  parameterStatus,
  readyForQuery,
  statementError,
} from './server-messages.ts'
export { showParameter, typeName } from './show-parameter.ts'
