import { describe, expect, test } from 'vitest'
import { missing, readSettings, startWith } from './settings-fields.tsx'

const settings = [
  { name: 'host', type: 'text', required: true, fallback: null, choices: [], about: '' },
  { name: 'port', type: 'number', required: false, fallback: 22, choices: [], about: '' },
  { name: 'sudo', type: 'boolean', required: false, fallback: false, choices: [], about: '' },
  { name: 'ca', type: 'long-text', required: false, fallback: null, choices: [], about: '' },
] as const
type Settings = Parameters<typeof readSettings>[0]
const all = settings as unknown as Settings

describe('the form of a kind', () => {
  test('begins with the defaults, or with what is set', () => {
    expect(startWith(all)).toEqual({ host: '', port: '22', sudo: false, ca: '' })
    expect(startWith(all, { host: 'db.example', port: 2022, sudo: true })).toEqual({ host: 'db.example', port: '2022', sudo: true, ca: '' })
  })
  test('sends numbers as numbers, and nothing for what was left empty', () =>
    expect(readSettings(all, { host: ' db.example ', port: '2022', sudo: false, ca: '' })).toEqual({
      host: 'db.example',
      port: 2022,
      sudo: false,
    }))
  test('leaves it to the kind to say that a port is none', () =>
    expect(readSettings(all, { host: 'a', port: '22x' })).toMatchObject({ port: '22x' }))
  test('names what is missing', () => {
    expect(missing(all, { host: ' ' })).toBe('host')
    expect(missing(all, { host: 'a' })).toBeUndefined()
  })
})
