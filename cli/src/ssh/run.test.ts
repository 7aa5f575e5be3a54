import { describe, expect, test } from 'vitest'
import { sshArguments } from './run.ts'

describe('ssh is called', () => {
  test('with our configuration alone, and a terminal for a shell', () => {
    expect(sshArguments('/c', 'alice@deploy@web01', [], false)).toEqual([
      '-F',
      '/c/ssh_config',
      '-t',
      '-l',
      'alice@deploy@web01',
      '--',
      'claviger',
    ])
  })
  test('with the command as it was given, and a terminal only when asked for', () => {
    expect(sshArguments('/c', 'a@b@c', ['uptime', '-p'], false).slice(2)).toEqual(['-T', '-l', 'a@b@c', '--', 'claviger', 'uptime', '-p'])
    expect(sshArguments('/c', 'a@b@c', ['top'], true)).toContain('-t')
  })
  test('with nothing of the person that ssh could take for an option', () => {
    const args = sshArguments('/c', '-oProxyCommand=x@b@c', ['-oProxyCommand=x'], false)
    expect(args.indexOf('--')).toBeLessThan(args.lastIndexOf('-oProxyCommand=x'))
    expect(args[args.indexOf('-l') + 1]).toBe('-oProxyCommand=x@b@c')
  })
})
