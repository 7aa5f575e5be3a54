import { describe, expect, test } from 'vitest'
import { linuxSshSettings } from './settings.ts'

describe('the settings of a host', () => {
  test('need no more than where it is, and give no sudo unasked', () => {
    expect(linuxSshSettings.parse({ host: 'web01' })).toEqual({ host: 'web01', port: 22, sudo: false })
  })

  test.each(['127.0.0.1', '::1', 'web01', 'web01.example.com'])('take %s as a host', (host) => {
    expect(linuxSshSettings.safeParse({ host }).success).toBe(true)
  })

  test.each([
    [{ host: '' }],
    [{ host: 'web01; reboot' }],
    [{ host: 'web01', port: 0 }],
    [{ host: 'web01', port: 70_000 }],
    [{ host: 'web01', authorizedKeysFile: 'a\nb' }],
    [{ host: 'web01', authorizedKeysFile: '' }],
    [{ host: 'web01', password: 'x' }],
  ])('refuse %j', (settings) => {
    expect(linuxSshSettings.safeParse(settings).success).toBe(false)
  })
})
