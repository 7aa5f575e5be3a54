// What server, console and CLI agree on. Each operation is one exported route; `routes` lists them all.

export { type Call, call, type Transport } from './call.ts'
export {
  type About,
  about,
  type CredentialKind,
  credentialKind,
  encoding,
  type LoginKind,
  loginKind,
  longestValue,
  proofKind,
} from './credential-kinds.ts'
export { follow } from './follow.ts'
export { heldActKind, heldActText, heldActValues, unreadText } from './held-act-text.ts'
export * as kits from './kit.ts'
export * as onboarding from './onboarding.ts'
export { type AnswerOf, type BodyOf, defineRoute, type Group, type ParamsOf, type QueryOf, type Route, type Who } from './route.ts'
export * as access from './routes/access.ts'
export * as activations from './routes/activations.ts'
export * as asks from './routes/asks.ts'
export * as audit from './routes/audit.ts'
export * as backup from './routes/backup.ts'
export * as breakGlass from './routes/breakglass.ts'
export * as checkOut from './routes/check-out.ts'
export * as controls from './routes/controls.ts'
export * as credentials from './routes/credentials.ts'
export * as dependents from './routes/dependents.ts'
export * as identity from './routes/identity.ts'
export * as inventory from './routes/inventory.ts'
export * as live from './routes/live.ts'
export * as passkeys from './routes/passkeys.ts'
export * as passwords from './routes/passwords.ts'
export * as people from './routes/people.ts'
export * as policy from './routes/policy.ts'
export * as replay from './routes/replay.ts'
export * as retention from './routes/retention.ts'
export * as rotation from './routes/rotation.ts'
export * as seal from './routes/seal.ts'
export * as session from './routes/session/index.ts'
export * as sessionSearch from './routes/session-search.ts'
export * as signInLinks from './routes/sign-in-links.ts'
export type { SshRotation } from './routes/ssh-authority.ts'
export * as sshAuthority from './routes/ssh-authority.ts'
export * as unproven from './routes/unproven.ts'
export * as versions from './routes/versions.ts'
export * as web from './routes/web.ts'
export { itsmTicket, type RefusalBody, refusal } from './values.ts'
