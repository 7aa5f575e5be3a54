/*
 * Terminology
 *
 * - link: what somebody at a gateway is shown, to be opened in the console; for exactly one connection
 * - connection: SHA-256, hex, of random bytes that only the process has that holds it
 * - number: stands in the terminal, and is typed by who confirms. It tells them that the terminal before them is the one that asks
 */

/** So long a link waits for its person. */
export const linkWaitsMs = 120_000
/** Digits of the number. */
export const numberPattern = /^\d{3}$/
