import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readGroups, readPasswd } from './accounts.ts'
import { sudoersAccounts } from './sudoers.ts'

const names = ['root', 'ann', 'ben', 'carl', 'first last']
const accounts = readPasswd(names.map((name, i) => `${name}:x:${i === 0 ? 0 : 999 + i}:${i === 0 ? 0 : 50 + i}::/:/bin/sh`).join('\n'))
const groups = readGroups('ops:x:70:ann,ben\nthe staff:x:71:carl\nempty:x:72:\n', accounts)
const found = (text: string) => [...sudoersAccounts(text, accounts, groups)].sort()

describe('sudoers names', () => {
  test.each([
    ['a user', 'ann ALL=(ALL:ALL) ALL', ['ann']],
    ['users with blanks around the comma', 'ann , ben ALL = ALL', ['ann', 'ben']],
    ['a rule for one command on one host', 'ann web01=(root) NOPASSWD: /bin/systemctl restart orders', ['ann']],
    ['a group', '%ops ALL=(ALL) ALL', ['ann', 'ben']],
    ['a group with a blank in its name', '%the\\ staff ALL=(ALL) ALL', ['carl']],
    ['a group in quotes', '"%the staff" ALL=(ALL) ALL', ['carl']],
    ['a user in quotes', '"first last" ALL=(ALL) ALL', ['first last']],
    ['a uid', '#1001 ALL=(ALL) ALL', ['ben']],
    ['a gid', '%#52 ALL=(ALL) ALL', ['ben']],
    ['an alias', 'User_Alias ADMINS = ann, %the\\ staff : MORE = ben\nADMINS ALL=ALL\nMORE ALL=ALL', ['ann', 'ben', 'carl']],
    ['an alias defined behind its use', 'ADMINS ALL=ALL\nUser_Alias ADMINS = ann', ['ann']],
    ['an alias of itself', 'User_Alias A = B, ann\nUser_Alias B = A, ben\nA ALL=ALL', ['ann', 'ben']],
    ['everybody', 'ALL ALL=(ALL) ALL', [...names].sort()],
    ['everybody but one, who is cautiously counted with them', 'ALL, !ann ALL=(ALL) ALL', [...names].sort()],
    ['a rule over two lines', 'ann,\\\n  ben ALL=(ALL) \\\n ALL', ['ann', 'ben']],
    ['a remark behind a rule', 'ann ALL=ALL # and ben ALL=ALL', ['ann']],
  ])('%s', (_what, text, who) => {
    expect(found(text)).toEqual(who)
  })

  test.each([
    ['a remark', '# ann ALL=(ALL) ALL\n  # ben ALL=ALL'],
    ['defaults for a user', 'Defaults:ann !requiretty\nDefaults>ben x=y'],
    ['aliases of other things', 'Cmnd_Alias ann = /bin/ls\nHost_Alias ben = web01\nRunas_Alias carl = root'],
    ['an alias that nobody uses', 'User_Alias ADMINS = ann'],
    ['an include', '@includedir /etc/sudoers.d\n#include /etc/ann'],
    ['somebody who is not there', 'zoe ALL=(ALL) ALL\n%nobody ALL=ALL\n#4242 ALL=ALL'],
    ['a user taken out', '!ann ALL=ALL'],
    ['nothing', ''],
  ])('nobody in %s', (_what, text) => {
    expect(found(text)).toEqual([])
  })

  test('accounts only, and never crash the reader', () => {
    const piece = fc.oneof(
      fc.constantFrom(...names, 'ALL', '=', ',', '%ops', ' ', '\\', '"', '\n', '#', '!', 'User_Alias A =', 'A'),
      fc.string({ maxLength: 5 }),
    )
    fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => found(pieces.join('')).every((name) => names.includes(name))))
  })
})
