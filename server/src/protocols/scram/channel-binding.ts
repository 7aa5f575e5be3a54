/**
 * What a proof is tied to, so that it is of no use on another connection (RFC 5802 section 6):
 *
 * - bytes: the hash of the server's certificate, `tls-server-end-point` (RFC 5929 section 4). For a mechanism with `-PLUS`.
 * - `not-offered`: we could, and the server did not offer it. A server that did, and whose offer somebody took away, refuses then.
 * - `none`: there is no TLS to be tied to.
 */
export type ChannelBinding = Uint8Array | 'not-offered' | 'none'

/** gs2-header, RFC 5802 section 7. */
export const gs2Header = (binding: ChannelBinding): string =>
  binding === 'none' ? 'n,,' : binding === 'not-offered' ? 'y,,' : 'p=tls-server-end-point,,'

/** cbind-input in base64, what stands behind `c=`. */
export const channelBindingInput = (binding: ChannelBinding): string =>
  Buffer.concat([Buffer.from(gs2Header(binding)), typeof binding === 'string' ? Buffer.alloc(0) : binding]).toString('base64')
