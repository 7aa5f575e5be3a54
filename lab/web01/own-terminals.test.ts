import { expect, test } from 'vitest'
import { refusesTerminals } from './own-terminals.ts'

const mounts = (options: string) => `proc /proc proc rw 0 0\ndevpts /dev/pts devpts ${options} 0 0\n`
const groups = 'root:x:0:\ntty:x:5:\nnot-tty:x:6:\n'

test.each([
  ['devpts gives terminals to tty, as Debian mounts it', mounts('rw,nosuid,gid=5,mode=620,ptmxmode=000'), groups, [1000], false],
  ['devpts gives them to nobody, as in some containers', mounts('rw,relatime,mode=600,ptmxmode=000'), groups, [1000], true],
  ['devpts gives them to another group', mounts('rw,gid=55'), groups, [1000], true],
  ['we are in the group tty', mounts('rw,mode=600'), groups, [1000, 5], false],
  ['there is no group tty', mounts('rw,mode=600'), 'root:x:0:\nnot-tty:x:6:\n', [1000], false],
  ['there is no devpts', 'proc /proc proc rw 0 0\n', groups, [1000], false],
])('knows whether sshd can give terminals when %s', (_when, mountTable, groupFile, mine, refuses) => {
  expect(refusesTerminals(mountTable, groupFile, mine)).toBe(refuses)
})
