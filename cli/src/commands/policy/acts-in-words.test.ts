import { expect, test } from 'vitest'
import { askedFor, ofActs } from './acts-in-words.ts'

const held = { actions: ['query', 'run'], act: 'ask', waitSeconds: 600, conditional: true } as const
const acts = (over: object) => ofActs({ ...held, actions: [...held.actions], ...over })

test('what would be held in sessions, and for how long', () => {
  expect(acts({})).toBe('some statements, commands held, at most 10m')
  expect(acts({ conditional: false, actions: ['transfer'] })).toBe('transfers held, at most 10m')
  expect(acts({ act: 'alert', waitSeconds: null })).toBe('some statements, commands pass, with an alarm')
  expect(acts({ act: 'allow', waitSeconds: null, conditional: false, actions: ['forward'] })).toBe('forwarded connections pass')
  expect(ofActs(null)).toBe('nothing')
})

test('who would be asked, or that nobody is there', () => {
  const groups = ['approvers', 'security']
  expect(askedFor({ groups, names: ['bob', 'carol'], more: 0 })).toBe('bob, carol (approvers or security)')
  expect(askedFor({ groups, names: ['bob'], more: 7 })).toBe('bob, 7 more (approvers or security)')
  expect(askedFor({ groups: ['security'], names: [], more: 0 })).toBe('nobody: refused (security)')
  expect(askedFor(null)).toBe('–')
})
