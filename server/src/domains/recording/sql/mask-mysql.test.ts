import { expect, test } from 'vitest'
import { maskMysql } from './mask-mysql.ts'

test.each([
  ['create user x identified by "hunter2"'],
  ["create user x@'%' identified via mysql_native_password using password('hunter2')"],
  ["alter user x identified by 'hunter2'; select 1"],
  ["set password for x = password('hunter2')"],
  ["set password = 'hunter2'"],
  ['insert into people (name, password) values ("bob", "hunter2")'],
  ["select * from t where token = 'it''s hunter2'"],
  ["select * from t where secret = 'it\\'s hunter2'"],
  ['grant all on *.* to x identified by "a""hunter2"'],
  ['change master to master_password="hunter2"'],
  ['/*!50000 set password = "hunter2" */'],
  ['select 1; /* the password is hunter2 */'],
  ['# hunter2 is the password\nselect 1'],
  ["set @x := password('hunter2')"],
  ['hunter2'],
  ['set password = hunter2'],
  ['create user x identified by hunter2'],
  ["select aes_encrypt('hunter2', 'k') /* crypt */"],
])('what is secret is not shown: %s', (sql) => {
  const { sql: out, masked, sensitive } = maskMysql(sql)
  expect(out).not.toContain('hunter2')
  expect({ masked, sensitive }).toEqual({ masked: true, sensitive: true })
})

test.each([
  ['select * from orders where id = 12345 and name = "bob\'s"'],
  ['commit'],
  ['/* from the shop */ select 1'],
  ['(select 1) union (select 2)'],
  ['show create table `orders`'],
  ["insert into notes values ('it\\'s', \"x\")"],
  ['-- a remark\nupdate t set a = 1'],
  [''],
])('what is not secret is shown as it was sent: %s', (sql) => {
  expect(maskMysql(sql)).toEqual({ sql, masked: false, sensitive: false })
})

test('what the statement does stays readable', () => {
  expect(maskMysql("create user app@'%' identified by 'x' require ssl").sql).toBe(
    "create user app@'[masked]' identified by '[masked]' require ssl",
  )
})

test('a text of a megabyte is masked in no time worth naming, however it is quoted', () => {
  for (const part of ["'", '"', '`', '/*', '#', 'password ', "a'b\\"])
    expect(maskMysql(`select password ${part.repeat(1_000_000 / part.length)}`).sensitive, part).toBe(true)
})
