export { type Address, parseAddress } from './address.ts'
export { createDialer, type Dialer, type DialFailure } from './dialer.ts'
export { type Network, parseNetwork } from './network.ts'
export type { AllowedNetwork, DialerRules, Listener } from './rules.ts'
