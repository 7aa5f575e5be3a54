import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rulesOfAnswer, rulesOfApplication, rulesOfStatement } from './statement-rules.ts'

const seen = (sql: string) => [...rulesOfStatement(sql)].sort()

test.each([
  ['drop table orders', ['drop']],
  ['select 1; DROP  /* x */ SCHEMA s cascade', ['drop']],
  ['alter table t drop column c', ['drop']],
  ['truncate orders', ['truncate']],
  ['delete from orders', ['delete_all']],
  ['delete from orders where id = 1; delete from notes -- where\n', ['delete_all']],
  ["delete from t returning 'where'", ['delete_all']],
  ['with gone as (delete from t returning *) select * from gone where x', ['delete_all']],
  ['update t set a = 1', ['update_all']],
  ['update t set a = (select b from u where u.id = 1)', ['update_all']],
  ['/*! delete from orders */', ['delete_all']],
  ["select 'it\\'s'; delete from t; -- '", ['delete_all']],
  ['copy orders to stdout', ['copy_out']],
  ["copy (select * from orders) to '/tmp/x'", ['copy_out']],
  ["select * from t into outfile '/tmp/x'", ['copy_out']],
  ["copy t from program 'id'", ['privilege_escalation']],
  ['alter role eve superuser', ['privilege_escalation']],
  ['grant all privileges on *.* to eve', ['privilege_escalation']],
  ['grant pg_execute_server_program to eve', ['privilege_escalation']],
  ['select rolpassword from pg_authid', ['secrets_taken']],
  ["set log_statement = 'none'", ['audit_stopped']],
  ['alter system set logging_collector = off', ['audit_stopped']],
  ['set global general_log = off', ['audit_stopped']],
  ["do $$ begin execute 'drop table t'; end $$", ['opaque']],
  ['call clean_up()', ['opaque']],
  ['explain analyze delete from t', ['delete_all']],
])('%s: %j', (sql, rules) => expect(seen(sql)).toEqual(rules))

test.each([
  'select * from orders',
  "select 'drop table orders'",
  'select "drop" from "truncate"',
  'delete from orders where id = $1',
  'update t set a = 1 where b = 2',
  'select * from t for update',
  'select * from t for no key update',
  'insert into t values (1) on conflict (id) do update set a = 1',
  'insert into t values (1) on duplicate key update a = 1',
  'grant delete, update on t to app',
  'create table t (a int references u on delete cascade on update set null)',
  'copy t from stdin',
  'explain delete from t',
  '-- drop table t',
  '/* a /* b */ drop table t */ select 1',
  'comment on table t is $$drop$$',
  "set search_path to 'x'",
])('%s: nothing', (sql) => expect(seen(sql)).toEqual([]))

test('ten thousand rows are many, unless the statement failed', () => {
  expect([...rulesOfAnswer({ rows: 10_000, outcome: 'ok' })]).toEqual(['many_rows'])
  expect([...rulesOfAnswer({ rows: 10_000, outcome: 'cut' })]).toEqual(['many_rows'])
  expect([...rulesOfAnswer({ rows: 9_999, outcome: 'ok' })]).toEqual([])
  expect([...rulesOfAnswer({ rows: 10_000, outcome: 'failed' })]).toEqual([])
  expect([...rulesOfAnswer({ rows: null, outcome: 'ok' })]).toEqual([])
})

test('a client that says that it dumps is believed', () => {
  expect([...rulesOfApplication('pg_dump')]).toEqual(['dump'])
  expect([...rulesOfApplication('psql')]).toEqual([])
})

test('any text is looked at, and no text takes long', () => {
  const part = fc.constantFrom(
    'delete',
    ' ',
    'from',
    "'",
    '"',
    '$$',
    '$a$',
    '(',
    ')',
    '`',
    ';',
    '\\',
    '/*',
    '*/',
    '/*!',
    '--',
    '\n',
    'where',
    'update',
    'set',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 400 }), (parts) => {
      rulesOfStatement(parts.join(''))
    }),
  )
})

test('texts that differ in numbers are alike, unless a number names a quote', () => {
  expect(seen('delete from orders where id = 17')).toEqual([])
  expect(seen('delete from orders where id = 4')).toEqual([])
  expect(seen('delete from orders4')).toEqual(['delete_all'])
  // one literal, and two with a statement between them
  expect(seen('select $a1$ $a2$; drop table orders; $a1$')).toEqual([])
  expect(seen('select $a1$ $a1$; drop table orders; $a1$')).toEqual(['drop'])
})
