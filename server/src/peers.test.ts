import { expect, test } from 'vitest'
import { readPeers } from './peers.ts'

test('peers are https addresses, addresses on this machine, and anchor files', () => {
  expect(readPeers('')).toEqual({ ok: true, value: [] })
  expect(readPeers('https://b.example.org/, http://127.0.0.1:8201 ,/mnt/anchors/c')).toEqual({
    ok: true,
    value: [
      { name: 'b.example.org', url: 'https://b.example.org' },
      { name: '127.0.0.1:8201', url: 'http://127.0.0.1:8201' },
      { name: '/mnt/anchors/c', file: '/mnt/anchors/c' },
    ],
  })
})

test.each([
  'http://b.example.org',
  'http://127.0.0.1.example.org',
  'https://me:secret@b.example.org',
  'https://b.example.org/?a=b',
  'ftp://b',
  'anchors/checkpoints',
  Array.from({ length: 16 }, (_, i) => `https://b${i}`).join(','),
])('%s is refused, and the setting is named', (text) => {
  expect(readPeers(text)).toMatchObject({ ok: false, error: expect.stringContaining('CLAVIGER_PEERS') })
})
