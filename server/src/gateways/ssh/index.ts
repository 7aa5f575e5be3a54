// gateways/ssh/index.ts — the SSH door. Everything else in here is private to it.

export type { GatewayLog } from '../door/log.ts'
export { defaultLimits as sshGatewayLimits, type Limits as SshGatewayLimits } from './limits.ts'
export { openSshGateway, type SshGateway, type SshGatewayOptions } from './open-ssh-gateway.ts'
export { openSealedSshDoor } from './sealed-door.ts'
export { readSteps, type Steps, usualSteps } from './steps.ts'
