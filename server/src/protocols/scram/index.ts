export { type ScramExchange, startScram } from './client.ts'
export type { ScramError } from './errors.ts'
export { newSalt } from './keys.ts'
export { scramVerifier } from './verifier.ts'
