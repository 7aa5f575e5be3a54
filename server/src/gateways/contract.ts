/*
 * Terminology
 *
 * - door: a listener through which people come (ssh, postgres, mysql)
 * - way: how they come to it: with a client of their own, or in the console, whose server process passes their bytes on
 * - attempt: someone at a door, saying who they are and where they want to go
 * - presence: the keeper's word that a person proved a second factor here and now; opaque to gateways
 * - connection ticket: the short-lived secret with which a client that cannot be asked for a code comes through a door
 * - session host: what a gateway needs from the rest of the server; `domains/session` implements it, the composition root hands it out
 */
export type * from './contract/acts.ts'
export * from './contract/judging.ts'
export type * from './contract/live-session.ts'
export type * from './contract/recorder.ts'
export type * from './contract/session-host.ts'
export type * from './contract/who.ts'
