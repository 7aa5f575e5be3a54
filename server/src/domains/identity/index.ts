// What other folders may use of identity. Everything else in here is private.
export type { Authenticate, Authenticated } from './authenticate.ts'
export type { WhenPersonStops } from './change-person.ts'
export { explainIdentity, type IdentityError } from './errors.ts'
export { createIdentity, type Identity, type IdentityDeps } from './identity.module.ts'
export { type IdentityRoutesDeps, identityRoutes } from './identity.routes.ts'
export { namesOfPeople } from './people-names.view.ts'
export { recogniseSshKey } from './recognise-ssh-key.ts'
export type { Group, Person } from './rules.ts'
