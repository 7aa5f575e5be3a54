import { describe, expect, test } from 'vitest'
import { chooseSeal } from './seal-choice.ts'

const here = { host: '127.0.0.1', port: 1 }
const config = {
  seal: undefined,
  lab: false,
  fips: false,
  database: undefined,
  http: here,
  ssh: here,
  hsm: undefined,
  kms: undefined,
} as const
const external = { ...config, database: {} as never }

describe('the seal of a fresh installation', () => {
  test('is chosen by somebody, unless it is the lab', () => {
    expect(chooseSeal(config).fresh).toBeUndefined()
    expect(chooseSeal({ ...config, lab: true }).fresh).toBe('dev')
    expect(chooseSeal({ ...config, seal: 'dev' }).fresh).toBe('dev')
    expect(chooseSeal({ ...config, lab: true, seal: 'shamir' }).fresh).toBe('shamir')
  })

  test('is shamir in a lab whose database is external', () => {
    expect(chooseSeal({ ...external, lab: true }).fresh).toBe('shamir')
  })
})

test('the seals pkcs11 and aws-kms are refused without their keys in the settings, and say which are missing', () => {
  expect(chooseSeal(config).refused.pkcs11).toContain('CLAVIGER_PKCS11_MODULE')
  expect(chooseSeal({ ...config, hsm: {} as never }).refused.pkcs11).toBeUndefined()
  expect(chooseSeal(config).refused['aws-kms']).toContain('CLAVIGER_AWS_KMS_KEY')
  expect(chooseSeal({ ...config, kms: {} as never }).refused['aws-kms']).toBeUndefined()
})

describe('the seal dev', () => {
  test('is for loopback and the embedded database', () => {
    expect(chooseSeal(config).refused.dev).toBeUndefined()
    expect(chooseSeal({ ...config, http: { ...here, host: 'localhost' } }).refused.dev).toBeUndefined()
  })

  test.each([
    ['an external database', external, 'DATABASE_URL'],
    ['a console that others reach', { ...config, http: { host: '0.0.0.0', port: 1 } }, '0.0.0.0'],
    ['the FIPS profile', { ...config, fips: true }, 'CLAVIGER_FIPS'],
    ['an SSH gateway that others reach', { ...config, ssh: { host: '10.0.0.1', port: 1 } }, '10.0.0.1'],
  ])('is refused with %s, and says what to do', (_what, given, named) => {
    const { dev } = chooseSeal(given).refused
    expect(dev).toContain(named)
    expect(dev).toContain('CLAVIGER_SEAL=shamir')
  })
})
