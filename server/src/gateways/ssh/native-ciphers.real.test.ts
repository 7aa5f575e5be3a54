import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

// `scripts/house/object-wrap.h` says what was wrong: built against the headers of Node as they are, the process ends at the first collection.
const program = `
  const { ChaChaPolyCipher, ChaChaPolyDecipher, AESGCMCipher, AESGCMDecipher, GenericCipher, GenericDecipher } = require(process.argv[1])
  let others = []
  const keep = (made) => { others.push(made, { made: others.length }); if (others.length > 5000) others = [] }
  for (let i = 0; i < 20000; i++) {
    keep(new ChaChaPolyCipher(Buffer.alloc(64)))
    keep(new ChaChaPolyDecipher(Buffer.alloc(64)))
    keep(new AESGCMCipher('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12)))
    keep(new AESGCMDecipher('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12)))
    keep(new GenericCipher('aes-256-ctr', Buffer.alloc(32), Buffer.alloc(16), 'sha256', Buffer.alloc(32), false))
    keep(new GenericDecipher('aes-256-ctr', Buffer.alloc(32), Buffer.alloc(16), 'sha256', Buffer.alloc(32), false, 32))
  }
  others = undefined
  gc()
  console.log('still here')
`

test('a gateway outlives the ciphers of connections that are over', async () => {
  const binding = createRequire(import.meta.url).resolve('ssh2/lib/protocol/crypto/build/Release/sshcrypto.node')
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '-e', program, binding])
  expect(stdout).toBe('still here\n')
})
