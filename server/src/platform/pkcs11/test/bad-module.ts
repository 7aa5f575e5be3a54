import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A PKCS#11 module that hangs, or takes its process along, as soon as it is asked for its functions. */
export function badModule(how: 'hangs' | 'crashes'): { module: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-module-'))
  const [source, module] = [join(folder, 'bad.c'), join(folder, 'bad.so')]
  const body = how === 'hangs' ? 'for (;;) sleep(1);' : 'abort();'
  writeFileSync(source, `#include <stdlib.h>\n#include <unistd.h>\nunsigned long C_GetFunctionList(void *list) { ${body} return 0; }\n`)
  execFileSync('cc', ['-shared', '-fPIC', '-o', module, source])
  return { module, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
