// protocols/postgres/index.ts — PostgreSQL's wire, version 3.0: bytes in, messages out. No sockets.
export { type ErrorFields, readErrorFields, sqlStateIn } from './fields.ts'
export {
  authenticationCode,
  type CancelKey,
  cancelRequest,
  queryMessage,
  readCancelKey,
  readParameter,
  saslInitialResponse,
  saslMechanisms,
  saslResponse,
  sslRequest,
  startupMessage,
} from './login-messages.ts'
