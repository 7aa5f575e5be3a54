import { describe, expect, test } from 'vitest'
import { explain } from '../../kernel/errors.ts'
import { createPolicyEngine, policyErrorFaces, usualTerms } from './index.ts'
import { readPolicy } from './read-policy.ts'

const annotations = '@approvals("1") @max("2h") @ticket("none") @mfa("session") @reveal("never")'
const load = (text: string) => createPolicyEngine([{ id: 'pol_aaaaaaaaaa', name: 'mine', text }])
const permit = (said = annotations, scope = 'principal, action, resource', when = '') => load(`${said} permit (${scope}) ${when};`)
const forbid = (when: string, said = '@floor("Not like this. Ask somebody.")') =>
  load(`${said} forbid (principal, action, resource) when { ${when} };`)

describe('loading policies', () => {
  test('takes a permit with all five annotations, and a forbid with its sentence', () => {
    expect(permit().ok).toBe(true)
    expect(forbid('context.approvals < 2').ok).toBe(true)
    expect(createPolicyEngine([]).ok).toBe(true)
  })

  test.each(['approvals', 'max', 'ticket', 'mfa', 'reveal'])('refuses a permit that does not say @%s', (annotation) => {
    const without = annotations.replace(new RegExp(`@${annotation}\\("[^"]*"\\)`), '')
    expect(permit(without)).toEqual({ ok: false, error: { code: 'policy.annotation_missing', policy: 'mine', annotation } })
  })

  test.each([
    ['a misspelt one', annotations.replace('@approvals', '@aprovals'), 'aprovals'],
    ['one too many', `${annotations} @training("required")`, 'training'],
    ['another case', annotations.replace('@mfa', '@MFA'), 'MFA'],
    ['one of forbids', `${annotations} @floor("No. Ask somebody.")`, 'floor'],
    ['one that objects are born with', `${annotations} @constructor("x")`, 'constructor'],
  ])('refuses a permit whose annotation is %s', (_what, said, annotation) => {
    expect(permit(said)).toMatchObject({ ok: false, error: { code: 'policy.annotation_unknown', annotation } })
  })

  test.each([
    ['approvals', ''],
    ['approvals', '-1'],
    ['approvals', '1.5'],
    ['approvals', '10'],
    ['approvals', 'two'],
    ['max', '9h'],
    ['max', '8h1s'],
    ['max', '0h'],
    ['max', '2 hours'],
    ['ticket', 'optional'],
    ['mfa', ''],
    ['mfa', 'none'],
    ['reveal', 'yes'],
  ])('refuses @%s("%s")', (annotation, value) => {
    const said = annotations.replace(new RegExp(`@${annotation}\\("[^"]*"\\)`), `@${annotation}("${value}")`)
    expect(permit(said)).toMatchObject({ ok: false, error: { code: 'policy.annotation_bad', annotation, value } })
  })

  test.each([
    ['idle', '9s'],
    ['idle', '9h'],
    ['idle', ''],
    ['idle', 'never'],
    ['session', '9h'],
    ['session', '0s'],
    ['cut', 'finish'],
    ['cut', 'finish 6m'],
    ['cut', 'finish 1h'],
    ['cut', 'kill'],
    ['supervised', ''],
    ['supervised', 'sometimes'],
    ['sessions', '0'],
    ['sessions', '1000'],
    ['sessions', '5.5'],
    ['sessions', 'many'],
  ])('refuses @%s("%s") on a permit that need not say it', (annotation, value) => {
    const said = `${annotations} @${annotation}("${value}")`
    expect(permit(said)).toMatchObject({ ok: false, error: { code: 'policy.annotation_bad', annotation, value } })
  })

  test('refuses how sessions are carried on a forbid, which it would not change', () => {
    const said = '@floor("Not like this. Ask somebody.") @supervised("yes")'
    expect(forbid('context.approvals < 2', said)).toMatchObject({ error: { code: 'policy.annotation_unknown', annotation: 'supervised' } })
  })

  test.each([
    ['', usualTerms],
    ['@idle("5m")', { ...usualTerms, idleSeconds: 300 }],
    ['@session("1h30m") @cut("finish 45s")', { ...usualTerms, longestSeconds: 5400, finishSeconds: 45 }],
    ['@supervised("yes") @cut("cancel")', { ...usualTerms, supervised: true }],
    ['@supervised("no")', usualTerms],
    ['@sessions("5")', { ...usualTerms, sessions: 5 }],
  ])('reads of a permit with %s how its sessions are carried', (said, session) => {
    const read = readPolicy({ id: 'pol_aaaaaaaaaa', name: 'mine', text: `${annotations} ${said} permit (principal, action, resource);` })
    expect(read).toMatchObject({ ok: true, value: { obligations: { session } } })
  })

  test.each([
    ['without a sentence', ''],
    ['with an empty one', '@floor("")'],
    ['with no sentence at all', '@floor'],
    ['with the annotations of a permit', annotations],
  ])('refuses a forbid %s', (_what, said) => {
    expect(forbid('context.approvals < 2', said).ok).toBe(false)
  })

  test.each([
    ['an attribute that does not exist', 'resource.teir == 0'],
    ['a tier that does not exist', 'resource in Tier::"00"'],
    ['an environment that does not exist', 'resource in Environment::"prod"'],
    ['a circumstance that does not exist', 'context.aprovals < 2'],
    ['a type that does not fit', 'context.approvals < "2"'],
    ['what can never be', 'principal in Tier::"0"'],
  ])('refuses a forbid over %s, which Cedar would skip or never match', (_what, when) => {
    expect(forbid(when)).toMatchObject({ ok: false, error: { code: 'policy.does_not_validate', policy: 'mine' } })
  })

  test.each([
    ['nothing', ''],
    ['half a policy', `${annotations} permit (principal, action`],
    ['two policies', `${annotations} permit (principal, action, resource); ${annotations} permit (principal, action, resource);`],
    ['a template', `${annotations} permit (principal == ?principal, action, resource);`],
    ['an annotation said twice', `${annotations} @max("8h") permit (principal, action, resource);`],
  ])('refuses a text with %s', (_what, text) => {
    expect(load(text)).toMatchObject({ ok: false, error: { code: 'policy.does_not_parse' } })
  })

  test.each([
    ['nested brackets', `${'('.repeat(61)}true${')'.repeat(61)}`],
    ['a row of sums', `${Array(160).fill('1').join('+')} > 0`],
    ['a row of attributes', `context${'.seconds'.repeat(160)} == 1`],
    ['a row of alternatives', `${'if true then '.repeat(160)}true${' else true'.repeat(160)}`],
    ['a very long word', `"${'a'.repeat(8000)}" == ""`],
  ])('refuses %s that would break the evaluator, and goes on', (_what, when) => {
    expect(forbid(when)).toEqual({ ok: false, error: { code: 'policy.too_long', policy: 'mine' } })
    expect(permit().ok).toBe(true)
  })

  test.each([
    ['nested brackets', `${'('.repeat(50)}true${')'.repeat(50)} && context.approvals < ${Array(100).fill('1').join('+')}`],
    ['alternatives', `${'if context.approvals < 1 then '.repeat(40)}true${' else false'.repeat(40)}`],
  ])('stays whole over %s just below that', (_what, when) => {
    expect(['policy.does_not_validate', 'taken']).toContain(((loaded) => (loaded.ok ? 'taken' : loaded.error.code))(forbid(when)))
    expect(permit().ok).toBe(true)
  })

  test('refuses an action that does not exist', () => {
    expect(permit(annotations, 'principal, action == Action::"conect", resource')).toMatchObject({
      error: { code: 'policy.does_not_validate' },
    })
  })

  test('refuses two policies of one name or id', () => {
    const text = `${annotations} permit (principal, action, resource);`
    const one = { id: 'a', name: 'one', text }
    expect(createPolicyEngine([one, { ...one, id: 'b' }])).toMatchObject({ error: { code: 'policy.name_taken' } })
    expect(createPolicyEngine([one, { ...one, name: 'two' }])).toMatchObject({ error: { code: 'policy.name_taken' } })
  })

  test('says which policy and what to do', () => {
    const refused = permit(annotations.replace('@max("2h")', '@max("9h")'))
    if (refused.ok) throw new Error('was taken')
    expect(explain(policyErrorFaces, refused.error)).toEqual({
      http: 422,
      body: { code: 'policy.annotation_bad', message: 'Policy mine says @max("9h"). It must be a duration such as 45m, at most 8h.' },
    })
  })
})
