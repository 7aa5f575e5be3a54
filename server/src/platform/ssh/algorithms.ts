import { fipsInForce } from '../crypto/fips.ts'

/**
 * What we offer to targets. AES-GCM first, CTR for servers without it; chacha20 costs a quarter of the throughput here,
 * CBC and SHA-1 are out. No compression: it would tell lengths of what is secret.
 */
export const offered = {
  kex: [
    ...(fipsInForce() ? [] : ['curve25519-sha256', 'curve25519-sha256@libssh.org']),
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group14-sha256',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes256-ctr', 'aes192-ctr', 'aes128-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
} as const
