import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAddress } from './address.ts'
import { parseNetwork } from './network.ts'

const number = fc.nat({ max: 0xffff_ffff })
const dotted = (n: number): string => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.')
const hexPair = (n: number): string => `${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}`
const sameFirstBits = (a: number, b: number, bits: number): boolean => bits === 0 || a >>> (32 - bits) === b >>> (32 - bits)
const contains = (cidr: string, address: string): boolean | undefined => {
  const parsed = parseAddress(address)
  return parsed && parseNetwork(cidr)?.contains(parsed)
}

describe('a network', () => {
  test('contains exactly the IPv4 addresses that share its first bits', () => {
    fc.assert(
      fc.property(number, number, fc.nat({ max: 32 }), (base, address, bits) => {
        expect(contains(`${dotted(base)}/${bits}`, dotted(address))).toBe(sameFirstBits(base, address, bits))
      }),
    )
  })

  test('contains its own neighbours, where random addresses seldom are', () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 1, max: 32 }), number, (base, bits, noise) => {
        const near = bits === 32 ? base : ((base & (0xffff_ffff << (32 - bits))) | (noise >>> bits)) >>> 0
        expect(contains(`${dotted(base)}/${bits}`, dotted(near))).toBe(true)
        expect(contains(`${dotted(base)}/${bits}`, dotted((near ^ (1 << (32 - bits))) >>> 0))).toBe(false)
      }),
    )
  })

  test('treats an IPv4 address mapped into IPv6 as that IPv4 address, however it is spelled', () => {
    fc.assert(
      fc.property(number, number, fc.nat({ max: 32 }), (base, address, bits) => {
        const plain = contains(`${dotted(base)}/${bits}`, dotted(address))
        for (const spelling of [
          `::ffff:${dotted(address)}`,
          `::ffff:${hexPair(address)}`,
          `0:0:0:0:0:FFFF:${hexPair(address).toUpperCase()}`,
        ]) {
          expect(contains(`${dotted(base)}/${bits}`, spelling)).toBe(plain)
          expect(contains(`::ffff:${dotted(base)}/${96 + bits}`, spelling)).toBe(plain)
        }
      }),
    )
  })

  test('never mixes families', () => {
    fc.assert(
      fc.property(number, (address) => {
        expect(contains('0.0.0.0/0', `2001:db8::${hexPair(address)}`)).toBe(false)
        expect(contains('::/0', dotted(address))).toBe(false)
      }),
    )
  })

  test('contains exactly the IPv6 addresses that share its first bits', () => {
    const group = fc.nat({ max: 0xffff })
    fc.assert(
      fc.property(
        fc.tuple(group, group, group, group),
        fc.tuple(group, group, group, group),
        fc.nat({ max: 64 }),
        (base, address, bits) => {
          const text = (groups: number[]): string => `${groups.map((g) => g.toString(16)).join(':')}::1`
          const value = (groups: number[]): bigint => groups.reduce((sum, g) => (sum << 16n) | BigInt(g), 0n)
          fc.pre(value(base) !== 0n && value(address) !== 0n) // those are no plain IPv6 addresses
          const same = value(base) >> BigInt(64 - bits) === value(address) >> BigInt(64 - bits)
          expect(contains(`${text(base)}/${bits}`, text(address))).toBe(same)
        },
      ),
    )
  })

  test.each([
    '',
    'orders-db',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '::ffff:10.0.0.0/8',
    'fe80::1%eth0/64',
    '10.0.0.0/-1',
  ])('is not read from %j', (text) => {
    expect(parseNetwork(text)).toBeUndefined()
  })
})
