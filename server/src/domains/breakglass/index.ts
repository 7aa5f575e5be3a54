// What other folders may use of breakglass. Everything else in here is private.

export { breakglassRoutes } from './breakglass.routes.ts'
export { keepKits } from './keep-kits.ts'
export type { OrderRotation } from './settle-key.ts'
