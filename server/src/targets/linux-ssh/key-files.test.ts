import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyFilesOf, readPatterns } from './key-files.ts'

const ann = { name: 'ann', uid: 1000, gid: 1000, home: '/home/ann', shell: '/bin/sh' }
const root = { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/sh' }

describe('where sshd looks for keys', () => {
  test.each([
    ['.ssh/authorized_keys', '/home/ann/.ssh/authorized_keys', true],
    ['%h/.ssh/keys', '/home/ann/.ssh/keys', true],
    ['/etc/ssh/keys/%u', '/etc/ssh/keys/ann', false],
    ['/keys/%U', '/keys/1000', false],
    ['/odd%%dir/%u', '/odd%dir/ann', false],
    ['/home/annabel/keys', '/home/annabel/keys', false],
  ])('%s is %s', (pattern, path, inHome) => {
    expect(keyFilesOf([pattern], ann)).toEqual([{ path, inHome }])
  })

  test.each(['/etc/%f/keys', '/home/%u/../root/.ssh/authorized_keys', '%', '/a\nb'])('%j gives nothing that we touch', (pattern) => {
    expect(keyFilesOf([pattern], pattern === '%' ? { ...ann, home: 'relative' } : ann)).toEqual([])
  })

  test('an account without a home of its own has nothing below it', () => {
    expect(keyFilesOf(['.ssh/authorized_keys'], { ...root, home: '/' })).toEqual([{ path: '/.ssh/authorized_keys', inHome: false }])
  })

  test('a home cannot lead out of itself', () => {
    expect(keyFilesOf(['.ssh/authorized_keys'], { ...ann, home: '/home/ann/../root' })).toEqual([])
  })

  test('is read from what sshd -T prints', () => {
    expect(readPatterns('port 22\nauthorizedkeysfile .ssh/authorized_keys /etc/keys/%u\nusepam yes')).toEqual([
      '.ssh/authorized_keys',
      '/etc/keys/%u',
    ])
    expect(readPatterns('authorizedkeysfile none')).toEqual([])
    expect(readPatterns('')).toBeUndefined()
  })

  test('is always a plain path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 30 }), (pattern, home) => {
        for (const { path } of keyFilesOf([pattern], { ...ann, home })) expect(path).toMatch(/^\/[^\0\n]*$/)
      }),
    )
  })
})
