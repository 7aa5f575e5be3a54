// What server, console and CLI agree on. Each operation is one exported route; `routes` lists them all.

export { type Call, call, type Transport } from './call.ts'
export { type AnswerOf, type BodyOf, defineRoute, type Group, type ParamsOf, type QueryOf, type Route, type Who } from './route.ts'
export * as access from './routes/access.ts'
export * as audit from './routes/audit.ts'
export * as controls from './routes/controls.ts'
export * as identity from './routes/identity.ts'
export * as inventory from './routes/inventory.ts'
export * as people from './routes/people.ts'
export * as policy from './routes/policy.ts'
export * as seal from './routes/seal.ts'
export * as session from './routes/session.ts'
export { itsmTicket, type RefusalBody, refusal } from './values.ts'
