/** Bytes and hashes in the browser: what the checks of proofs are made of. */
export type Bytes = Uint8Array<ArrayBuffer>
export const fromBase64 = (text: string): Bytes => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
export const hex = (bytes: Uint8Array): string => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
export const joined = (...parts: (Uint8Array | readonly number[])[]): Bytes => Uint8Array.from(parts.flatMap((p) => [...p]))
export const sha256 = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
export const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i])
export const utf8 = (text: string): Bytes => new TextEncoder().encode(text) as Bytes
