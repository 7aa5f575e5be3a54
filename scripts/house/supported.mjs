// No imports, and no syntax younger than modules themselves: this must run where nothing else would.

/**
 * Why Claviger cannot be set up here, as one sentence for a person; undefined when it can.
 * @param {{ versions: { node?: string }, platform: string, arch: string }} host the running process
 * @returns {string | undefined}
 */
export function unsupported(host) {
  const version = host.versions.node || '0'
  if (Number(version.split('.')[0]) < 18) {
    const remedy = 'use Node 18 or newer (Debian 12: apt-get install nodejs npm); Claviger then runs on a Node of its own'
    return `Node ${version} is too old to install with: ${remedy}.`
  }
  if (host.platform !== 'linux' || (host.arch !== 'x64' && host.arch !== 'arm64')) {
    return `Claviger runs on Linux, on x64 or arm64; this is ${host.platform} on ${host.arch}.`
  }
  return undefined
}
