// gateways/web/index.ts — where the console's server brings terminals and SQL of the browser to the doors of the gateway.
export { connectWebDoor } from './connect-web-door.ts'
export type { WebWire } from './hello.ts'
export { openWebDoor } from './open-web-door.ts'
