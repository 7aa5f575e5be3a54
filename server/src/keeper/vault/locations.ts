/**
 * - system: second factors' seeds, attestation, host keys, our certificate authority
 * - standard: credentials of accounts
 * - recordings: the keys of recordings
 * - officers: the keys of what people typed unproven; opened for two officers together, one recording at a time
 */
export const locations = ['system', 'standard', 'recordings', 'officers'] as const
export type Location = (typeof locations)[number]
