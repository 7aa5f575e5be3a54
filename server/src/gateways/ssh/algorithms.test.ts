import { expect, test } from 'vitest'
import { ciphersFor } from './algorithms.ts'

test.each([
  ['OpenSSH_9.2p1', 2],
  ['OpenSSH_10.0', 2],
  ['OpenSSH_for_Windows_9.5', 2],
  ['OpenSSH_6.1', 3],
  ['PuTTY_Release_0.70', 3],
  ['', 3],
])('%s is offered %i ciphers', (software, count) => {
  expect(ciphersFor(software)).toHaveLength(count)
})
