import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { categoryOf, credentialsOf, hasLoginShell, privilegesOf, readGroups, readPasswd, readPasswordStates, safeName } from './accounts.ts'

const passwd = `root:x:0:0:root:/root:/bin/bash
toor:x:0:0::/root:/bin/sh
backup:x:34:34:backup:/var/backups:/usr/sbin/nologin
ann:x:1000:1000:Ann,,,:/home/ann:/bin/bash
ben:x:1001:27::/home/ben:
odd\tname:x:1002:1002::/home/odd:/bin/sh
half:x:12
:x:1003:1003::/:/bin/sh
`

describe('the accounts of a host', () => {
  const accounts = readPasswd(passwd)

  test('are those whose lines are whole and whose names can be shown', () => {
    expect(accounts.map(({ name, uid, shell }) => [name, uid, shell])).toEqual([
      ['root', 0, '/bin/bash'],
      ['toor', 0, '/bin/sh'],
      ['backup', 34, '/usr/sbin/nologin'],
      ['ann', 1000, '/bin/bash'],
      ['ben', 1001, '/bin/sh'],
    ])
  })

  test('belong to groups by list and by primary group', () => {
    const groups = readGroups('sudo:x:27:\nadm:x:4:ann,ben\ndocker:x:999:ann\n', accounts)
    expect(accounts.map((account) => privilegesOf(account, groups, new Set(['backup'])))).toEqual([
      ['uid 0'],
      ['uid 0'],
      ['sudo'],
      ['member of adm', 'member of docker'],
      ['sudo', 'member of adm'],
    ])
  })

  test.each([
    ['root', ['uid 0'], 'local-admin'],
    ['toor', ['uid 0'], 'local-admin'],
    ['backup', [], 'service'],
    ['backup', ['sudo'], 'local-admin'],
    ['ann', [], 'local-admin'],
  ])('%s with %j is a %s', (name, privileges, category) => {
    const account = accounts.find((one) => one.name === name)
    expect(account && categoryOf(account, privileges)).toBe(category)
  })

  test('with a shell that ends at once are for programs', () => {
    const shells = ['/bin/bash', '/usr/bin/fish', '/usr/sbin/nologin', '/bin/false', '/bin/sync']
    expect(shells.map((shell) => hasLoginShell({ name: 'a', uid: 1, gid: 1, home: '/', shell }))).toEqual([true, true, false, false, false])
  })

  test('never crash the reader', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        readGroups(text, readPasswd(text))
        readPasswordStates(text)
      }),
    )
  })
})

test('a password counts when it is set, or when none is asked for', () => {
  const states = readPasswordStates('ann:set:\nben:empty:\nbackup:locked:\neve:$y$j9T$hash:\nold:set:19000\n')
  expect(states.get('eve')).toBeUndefined()
  expect(states.get('old')).toEqual({ state: 'set', expiresOnDay: 19_000 })
  expect(['ann', 'ben', 'backup'].map((name) => credentialsOf(states.get(name)?.state ?? 'unknown', 0))).toEqual([
    ['password'],
    ['password'],
    [],
  ])
  expect(credentialsOf('set', 2)).toEqual(['password', 'ssh-key'])
})

test.each(['a b', '-x', '', 'a:b', 'a\nb', 'a;b', '$(x)', "a'b", 'a,b', 'a@b', '.', '..', 'é', `a${'b'.repeat(64)}`])(
  '%j is no name to pass to a program',
  (name) => {
    expect(safeName.test(name)).toBe(false)
  },
)
test.each(['root', 'app_1', 'www-data', '_apt', 'machine$', 'first.last'])('%j is a name to pass to a program', (name) => {
  expect(safeName.test(name)).toBe(true)
})
