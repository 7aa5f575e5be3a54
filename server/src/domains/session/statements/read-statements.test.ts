import { loadModule } from 'libpg-query'
import { beforeAll, describe, expect, test } from 'vitest'
import { readMysql } from './read-mysql.ts'
import { readPostgres } from './read-postgres.ts'

beforeAll(loadModule)

const both = (read: { verbs: string[]; tables: string[] } | undefined) => read && `${read.verbs.join(', ')} | ${read.tables.join(', ')}`

describe('PostgreSQL', () => {
  test.each([
    ['select 1', 'select | '],
    ['SELECT * FROM Orders o JOIN hr.salaries s USING (id)', 'select | hr.salaries, orders, salaries'],
    ['select 1; drop table hr.salaries, t cascade', 'drop table, select | hr.salaries, salaries, t'],
    ['with gone as (delete from a returning *) insert into b select * from gone', 'delete, insert, select | a, b, gone'],
    ['explain analyze update t set x = 1', 'explain, update | t'],
    ['prepare p as delete from t', 'delete, prepare | t'],
    ["copy t to program 'sh'", 'copy program, copy to | t'],
    ['copy (select * from t) to stdout', 'copy to, select | t'],
    ['copy t from stdin', 'copy from | t'],
    ['select * into b from a', 'create table, select | a, b'],
    ['alter table t rename to u', 'alter table | t'],
    ['truncate t', 'truncate | t'],
    ['grant all on t to u', 'grant | t'],
    ['create role r superuser', 'create role | '],
    ["select 'drop table t' -- drop table u", 'select | '],
    ['begin', 'transaction | '],
    ['', ' | '],
  ])('%s', (sql, read) => expect(both(readPostgres(sql))).toBe(read))

  test.each(['do $$ begin execute $x$ drop table t $x$; end $$', 'select 1; do $$ begin end $$', 'selec 1', "select '", 'explain (select'])(
    'is not understood: %s',
    (sql) => expect(readPostgres(sql)).toBeUndefined(),
  )
})

describe('MySQL', () => {
  test.each([
    ['select 1', 'select | '],
    ['SELECT * FROM Orders o JOIN hr.salaries AS s USING (id) WHERE o.x = 1', 'select | hr.salaries, orders, salaries'],
    ['select * from a, `b c` x, (select * from d) e', 'select | a, b c, d'],
    ['select 1; drop table if exists hr.t, u', 'drop table, select | hr.t, t, u'],
    ['insert into t (a) select a from u on duplicate key update a = 1', 'insert, select | t, u'],
    ['update low_priority t, u set t.a = 1 where t.id in (select id from v)', 'select, update | t, u, v'],
    ['delete t1 from t1 join t2', 'delete | t1, t2'],
    ['create temporary table x as select * from y', 'create table, select | x, y'],
    ['create user u', 'create user | '],
    ['grant select on hr.t to u', 'grant, select | hr.t, t'],
    ['select 1 from a use index (i), b, (c cross join d) where e in (1, 2)', 'select | a, b, c, d'],
    ['select 1 from a join b on f(a.x, 1) = b.x, c order by d, e', 'select | a, b, c'],
    ['select extract(year from d), x from t', 'select | d, t'],
    ['truncate t', 'truncate | t'],
    ['(select 1) union (select * from t)', 'select | t'],
    ['select * from t for update', 'select | t'],
    ["select replace('a', 'b', 'c') from t", 'select | t'],
    ["select 'drop table t' -- drop table u\n# delete from v\n/* delete from w */ from x", 'select | x'],
    ["load data local infile 'x' into table t", 'load data | t'],
    ['begin', 'begin | '],
    ['with x as (select 1) delete from t', 'delete, select, with | t'],
    ['', ' | '],
  ])('%s', (sql, read) => expect(both(readMysql(sql))).toBe(read))

  // each would be another statement to the server than to whoever reads it carelessly
  test.each([
    '/*!50000 drop table t */',
    '/*M! drop table t */',
    'select 1 /* /* */ ; prepare s from @x /* */',
    "select 'a\\'; drop table t; -- '",
    "prepare s from 'drop table t'",
    "execute immediate 'drop table t'",
    'begin not atomic drop table t; end',
    'set statement max_statement_time = 1 for delete from t',
    'handler t open',
    'if 1 then drop table t; end if',
    "select '",
    'select 1 /* ',
  ])('is not understood: %s', (sql) => expect(readMysql(sql)).toBeUndefined())

  test.each([
    ["select 1 # '\n; drop table t # '", 'drop table'],
    ['select 5--1; drop table t', 'drop table'],
    ['select $$ ; drop table t; select $$', 'drop table'],
    ['/* /* */ drop table t; /* */', 'drop table'],
  ])('hides nothing: %s', (sql, verb) => expect(readMysql(sql)?.verbs).toContain(verb))
})
