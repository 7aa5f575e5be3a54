import { expect, test } from 'vitest'
import { inFours, qrPath } from './qr.ts'

test('the path of a QR code draws its three finder patterns', () => {
  const { size, path } = qrPath('otpauth://totp/Claviger:alice?secret=JBSWY3DPEHPK3PXP&issuer=Claviger')
  for (const corner of ['M0 0h', `M${size - 1} 0h`, `M0 ${size - 1}h`]) expect(path).toContain(corner)
  expect(path).not.toContain(`M${size - 1} ${size - 1 - 7}h1v1h-1zM${size} `)
})

test('a secret is grouped by four for typing', () => expect(inFours('JBSWY3DPEHPK3PXP')).toBe('JBSW Y3DP EHPK 3PXP'))
