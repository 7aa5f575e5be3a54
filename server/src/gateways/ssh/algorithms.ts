import { fipsInForce } from '../../platform/crypto/fips.ts'

/**
 * What this door offers. The client's order decides, so that chacha20 must not be among the ciphers: every OpenSSH client
 * would take it, at a quarter of the throughput. No compression (it tells lengths of secrets), no SHA-1, no CBC.
 */
export const offered = {
  kex: [
    ...(fipsInForce() ? [] : ['curve25519-sha256', 'curve25519-sha256@libssh.org']),
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group16-sha512',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
} as const

/**
 * The ciphers for a client that greets with `software`. OpenSSH lists CTR before GCM, which would cost it a third of the
 * throughput, and has had GCM since 6.2: it is offered nothing else. CTR is for those that have no GCM.
 */
export const ciphersFor = (software: string): readonly string[] =>
  /^OpenSSH_(?:for_Windows_)?(?:[7-9]|[1-9][0-9])\./.test(software)
    ? offered.cipher.filter((cipher) => cipher.includes('-gcm'))
    : offered.cipher
