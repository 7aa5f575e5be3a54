// What other folders may use of controls. Everything else in here is private.

export { controlRoutes } from './controls.routes.ts'
export { type Controls, createControls } from './controls.ts'
