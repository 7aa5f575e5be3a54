// What other folders may use of rotation. Everything else in here is private.

export type { OrderDeps, RotateAccountDeps } from './deps.ts'
export { explainRotation, type RotationError } from './errors.ts'
export { isReplaced, rotationTrouble } from './is-replaced.ts'
export { putOrder } from './order.store.ts'
export { orderAfterLogin, orderBreakGlass } from './order-break-glass.ts'
export { recoverCandidates } from './recover-candidates.ts'
export { rotateAccount } from './rotate-account.ts'
export { rotateAfterGrant, rotationQueue, startRotations } from './rotation.module.ts'
export { rotationRoutes } from './rotation.routes.ts'
export { verifyAccount } from './verify-account.ts'
