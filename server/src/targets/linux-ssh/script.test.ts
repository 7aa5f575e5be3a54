import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { afterBeginning, commandFor, script } from './script.ts'

test.each(["echo 'x'", 'if ! true; then :; fi;'])('%j is no script: a login shell would read it otherwise', (text) => {
  expect(() => script(text)).toThrow()
})

test('a command survives the login shell, and its inner script the outer one', () => {
  const inner = script('IFS= read -r line; printf "%s|" "$line" "$0";')
  const outer = script('IFS= read -r first;\n  echo "$first";\n  exec /bin/sh -c "$1";')
  for (const shell of ['/bin/sh', '/bin/bash']) {
    const said = execFileSync(shell, ['-c', commandFor('root', outer, inner)], { input: 'it\'s\n$(id) `id` "quoted"\n' })
    expect(afterBeginning(said)?.toString()).toBe('it\'s\n$(id) `id` "quoted"|/bin/sh|')
  }
})

test('what a login shell prints first is not taken for the answer', () => {
  expect(afterBeginning(Buffer.from('Welcome!\nclaviger:begin\nroot\n'))?.toString()).toBe('root\n')
  expect(afterBeginning(Buffer.from('This account is currently not available.\n'))).toBeUndefined()
})
