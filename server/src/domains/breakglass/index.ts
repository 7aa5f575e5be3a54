// What other folders may use of breakglass. Everything else in here is private.

export { type BreakglassFigures, breakglassFigures, drillDuty } from './activation.view.ts'
export { breakglassRoutes } from './breakglass.routes.ts'
export { keepActivations } from './keep-activations.ts'
export { keepKits } from './keep-kits.ts'
export { lookForLoginsElsewhere } from './logins-elsewhere.ts'
export type { OrderRotation } from './settle-key.ts'
