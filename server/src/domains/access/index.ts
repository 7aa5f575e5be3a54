// What other folders may use of access. Everything else in here is private.

export { startExpiry } from './access.module.ts'
export { accessRoutes } from './access.routes.ts'
export type { GrantRow, RequestRow } from './access.store.ts'
export { namesIn, type PersonInGroups, peopleInGroups } from './access.view.ts'
export { createDecide, type Decide } from './decide.ts'
export { type EndGrantsDeps, voidEarlierEpochs, voidOfPerson, voidOnAccount, voidOnTarget, type WhenGrantEnds } from './end-grants.ts'
export { type AccessError, explainAccess } from './errors.ts'
export { type FileRequestDeps, fileRequest } from './file-request.ts'
export { grantWithoutApproval } from './grant-without-approval.ts'
export { layDownPolicies } from './lay-down-policies.ts'
export { beginForActivation, requestForActivation } from './request-for-activation.ts'
export { shortest, usualSeconds } from './rules.ts'
