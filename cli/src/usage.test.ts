import { describe, expect, test } from 'vitest'
import { makeMachine } from '../test/captured-io.ts'

describe('a command line that is not understood', () => {
  test.each([
    [['aprove', 'x'], "unknown command 'aprove' (Did you mean approve?)", 'claviger --help'],
    [['approve'], "missing required argument 'request'", 'claviger approve --help'],
    [['audit', 'verify', 'a', 'b'], "too many arguments for 'verify'. Expected 1 argument but got 2", 'claviger audit verify --help'],
    [['requests', '--mine', '--inbox'], "option '--mine' cannot be used with option '--inbox'", 'claviger requests --help'],
    [['sessions', 'play', 'x', '--speed', '0'], 'Give a number above 0, at most 1000.', 'claviger sessions play --help'],
    [['deny', 'req_0000000000'], "required option '--reason <text>' not specified", 'claviger deny --help'],
    [
      ['whoami', '--server', 'pam.example.com'],
      '"pam.example.com" is no address of a server.',
      'claviger login --server https://pam.example.com',
    ],
    [
      ['whoami', '--server', 'http://pam.example.com'],
      'http://pam.example.com would carry your password in the clear.',
      'claviger login --server https://pam.example.com',
    ],
  ])('%j exits 2, says why, and what to type', async (args, why, next) => {
    using machine = makeMachine()
    const { code, out, err } = await machine.run(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(why)
    expect(err).toContain(`Next: ${next}\n`)
  })

  test('shows the commands when none is given', async () => {
    using machine = makeMachine()
    const { code, out, err } = await machine.run(['audit'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('Usage: claviger audit')
  })
})

describe('exit codes and --json', () => {
  test('not signed in is 3', async () => {
    using machine = makeMachine()
    expect(await machine.run(['whoami'])).toMatchObject({ code: 3, err: expect.stringContaining('Next: claviger login') })
  })
  test('no server is 6', async () => {
    using machine = makeMachine({ CLAVIGER_SERVER: 'http://127.0.0.1:1' })
    expect(await machine.run(['status'])).toMatchObject({
      code: 6,
      err: expect.stringContaining('No Claviger answers at http://127.0.0.1:1'),
    })
  })
  test('a refusal is one JSON document with a version', async () => {
    using machine = makeMachine()
    const { code, out, err } = await machine.run(['whoami', '--json'])
    expect({ code, err }).toEqual({ code: 3, err: '' })
    expect(JSON.parse(out)).toMatchObject({ version: 1, error: { code: 'cli.notSignedIn', next: 'claviger login' } })
  })
  test('a secret that cannot be asked for names the flag for scripts', async () => {
    using machine = makeMachine()
    const { code, err } = await machine.run(['login', '--name', 'alice'])
    expect(code).toBe(2)
    expect(err).toContain('--password-file FILE (or --password-file - for standard input)')
  })
})
