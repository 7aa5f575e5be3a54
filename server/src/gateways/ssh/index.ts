// gateways/ssh/index.ts — the SSH door. Everything else in here is private to it.
export { defaultLimits as sshGatewayLimits, type Limits as SshGatewayLimits } from './limits.ts'
export type { GatewayLog } from './log.ts'
export { openSshGateway, type SshGateway, type SshGatewayOptions } from './open-ssh-gateway.ts'
