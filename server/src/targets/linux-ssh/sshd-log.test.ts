import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSshdLog } from './sshd-log.ts'

const time = { now: new Date('2027-01-02T10:00:00Z'), zone: '+0100' }
const what = 'Accepted publickey for deploy from 192.0.2.7 port 50022 ssh2: ED25519 SHA256:abc'

test.each([
  ['journald', `1798884000.123456 web01 sshd[812]: ${what}`, '2027-01-02T10:00:00.123Z'],
  ['a daemon that writes ISO 8601', `2027-01-02T10:00:00.5+01:00 web01 sshd-session[812]: ${what}`, '2027-01-02T09:00:00.500Z'],
  ['one that writes the local time', `Jan  2 10:00:00 web01 sshd[812]: ${what}`, '2027-01-02T09:00:00.000Z'],
  ['the same, of last year', `Dec 31 23:30:00 web01 sshd[812]: ${what}`, '2026-12-31T22:30:00.000Z'],
])('a login as %s tells of it', (_who, line, at) => {
  const login = { account: 'deploy', address: '192.0.2.7', method: 'publickey' }
  expect(readSshdLog(`${line}\n`, time)).toEqual([{ ...login, at: new Date(at) }])
})

test('addresses are as the host writes them, IPv4 without the prefix of IPv6', () => {
  const from = (address: string) =>
    readSshdLog(`1798884000.1 web01 sshd[8]: Accepted password for a from ${address} port 1 ssh2`, time)[0]?.address
  expect(['2001:db8::1', '::ffff:192.0.2.7', 'fe80::1%eth0'].map(from)).toEqual(['2001:db8::1', '192.0.2.7', 'fe80::1'])
})

test.each([
  ['a refusal', '1798884000.1 web01 sshd[8]: Failed password for deploy from 192.0.2.7 port 1 ssh2'],
  ['another program that says so', '1798884000.1 web01 su[8]: Accepted password for deploy from 192.0.2.7 port 1 ssh2'],
  ['a line within a line', '1798884000.1 web01 sudo[8]: x : COMMAND=echo sshd[8]: Accepted password for deploy from 192.0.2.7 port 1 ssh2'],
  ['a month that there is not', 'Foo  2 10:00:00 web01 sshd[8]: Accepted password for deploy from 192.0.2.7 port 1 ssh2'],
  ['a day that there is not', 'Feb 99 10:00:00 web01 sshd[8]: Accepted password for deploy from 192.0.2.7 port 1 ssh2'],
  ['no address', '1798884000.1 web01 sshd[8]: Accepted password for deploy from somewhere port 1 ssh2'],
])('%s is no login', (_what, line) => {
  expect(readSshdLog(line, time)).toEqual([])
})

test('any text is read without harm', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 600 }), (text) => {
      readSshdLog(`1798884000.1 web01 sshd[8]: Accepted ${text}\n${text}`, time)
    }),
  )
})
