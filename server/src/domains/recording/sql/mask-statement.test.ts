import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { maskBlindly } from './mask-blindly.ts'
import { loadParser, maskStatement } from './mask-statement.ts'

beforeAll(() => loadParser())
const shown = (sql: string) => maskStatement(sql).sql

describe('SQL in a recording', () => {
  test.each([
    'select 1',
    'begin',
    "select * from orders where customer = 'Émile' and total > 100 and note like 'a%'",
    "insert into orders (id, name) values (1, 'x'), (2, $$y$$)",
    "comment on table t is 'it''s fine'",
    '',
    ';',
  ])('stays as it was typed where nothing in it is secret: %s', (sql) => {
    expect(maskStatement(sql)).toEqual({ sql, masked: false, sensitive: false })
  })

  test.each([
    ["ALTER ROLE bob PASSWORD 'hunter2'", "ALTER ROLE bob PASSWORD '[masked]'"],
    [
      "create user bob with encrypted password 'hunter2' connection limit 3",
      "create user bob with encrypted password '[masked]' connection limit 3",
    ],
    ["ALTER USER bob PASSWORD 'SCRAM-SHA-256$4096:c2FsdA==$a2V5:c2lnbg=='", "ALTER USER bob PASSWORD '[masked]'"],
    [
      "create user mapping for bob server s options (user 'x', password 'hunter2')",
      "create user mapping for bob server s options (user '[masked]', password '[masked]')",
    ],
    [
      "create subscription s connection 'host=h password=hunter2' publication p",
      "create subscription s connection '[masked]' publication p",
    ],
    ["select * from dblink('host=h password=hunter2', 'select 1')", "select * from dblink('[masked]', '[masked]')"],
    ["set myapp.api_key = 'hunter2'", "set myapp.api_key = '[masked]'"],
    ["update users set password = 'hunter2' where id = 7", "update users set password = '[masked]' where id = 7"],
    ['update users set pass_word = \'x\', passwd = "hunter2"', 'update users set pass_word = \'[masked]\', passwd = "[masked]"'],
    ["execute login('bob', 'hunter2')", "execute login('[masked]', '[masked]')"],
    ["select 1 /* the password is hunter2 */, 'a'", "select 1 /* [masked] */, '[masked]'"],
    ["select 'postgres://bob:hunter2@h/db'", "select '[masked]'"],
    ["select 'a'; alter role bob password 'hunter2'; select 'b'", "select 'a'; alter role bob password '[masked]'; select 'b'"],
    [
      "do $$ begin execute 'alter role bob password ' || quote_literal('hunter2'); end $$",
      "do $$ begin execute '[masked]' || quote_literal('[masked]'); end $$",
    ],
    ["do $$ begin alter role bob password 'hunter2'; perform 1; end $$", 'do $$ begin alter role bob password [masked]; perform 1; end $$'],
  ])('loses its secrets: %s', (sql, expected) => {
    expect(maskStatement(sql)).toEqual({ sql: expected, masked: true, sensitive: true })
  })

  test.each([
    "alter user bob pasword 'hunter2'",
    'alter user bob password hunter2',
    'alter role bob paswd hunter2',
    "create user bob identified by 'hunter2'",
    'create user bob identified by hunter2;',
    "selct 'hunter2' from t",
    "select 'hunter2",
    'select $x$hunter2',
    'hunter2',
    ' hunter2; ',
    "set password for bob = hunter2; select 'hunter2",
    "select E'\\' hunter2 ' form t where 'hunter2",
    "update t set password = 'a\\' hunter2 ' where",
    'grant x to y with password "hunter2',
    'select 1 /* password hunter2',
  ])('is masked blindly where the parser refuses it: %s', (sql) => {
    expect(maskStatement(sql).masked).toBe(true)
    expect(shown(sql)).not.toContain('hunter2')
  })

  const password = fc
    .string({ unit: fc.constantFrom(...'abcXYZ0189 \'"$\\;-/*%éü()=,.:@'), minLength: 6, maxLength: 24 })
    .map((s) => `p4nt${s.trim()}d0t`)
  const quoted = (s: string) => `'${s.replaceAll("'", "''")}'`
  const templates: ((secret: string) => string)[] = [
    (s) => `alter role bob password ${quoted(s)} valid until '2030-01-01'`,
    (s) => `CREATE USER "o'x" WITH LOGIN PASSWORD E${quoted(s.replaceAll('\\', '\\\\'))}`,
    (s) => `alter user mapping for bob server s options (set password ${quoted(s)})`,
    (s) => `create subscription s connection ${quoted(`host=h password=${s}`)} publication p`,
    (s) => `select dblink_connect(${quoted(`host=h password=${s}`)}), ${quoted(s)}`,
    (s) => `set session my.secret to ${quoted(s)}`,
    (s) => `insert into u (name, passwd) values ('b', ${quoted(s)}), ('c', $q$${s}$q$)`,
    (s) => `do $body$ begin execute format('alter role %I password %L', 'bob', ${quoted(s)}); end $body$`,
    (s) => `select 1; alter role bob password ${quoted(s)}; select 2`,
    (s) => `alter role bob pasword ${quoted(s)}`,
    (s) => `alter role bob password ${quoted(s)} vald`,
    (s) => `alter role bob password ${quoted(s).slice(0, -1)}`,
    (s) => `-- password ${s.replaceAll('\n', '')}\nselect 1`,
    (s) => `select pgp_sym_encrypt('data', ${quoted(s)})`,
  ]

  test('holds no planted password, however it is quoted, cut or mistyped', () => {
    fc.assert(
      fc.property(password, fc.constantFrom(...templates), fc.boolean(), (secret, template, cut) => {
        const sql = template(secret)
        const out = cut ? maskBlindly(sql.slice(0, -1)) : shown(sql)
        // no piece of it either that would help to guess the rest
        for (const part of [secret, ...secret.split(/[^A-Za-z0-9]+/).filter((p) => p.length >= 4)]) expect(out, sql).not.toContain(part)
      }),
      { numRuns: 2000 },
    )
  })

  test('takes no long time for hostile text', () => {
    for (const sql of [
      `select ${'('.repeat(50_000)}`,
      "'".repeat(100_001),
      '$'.repeat(100_000),
      `${'"a'.repeat(50_000)}`,
      `/*${'*/*'.repeat(50_000)}`,
    ])
      expect(typeof shown(sql)).toBe('string')
  })
})
