// What other folders may use of vault. Everything else in here is private. What opens and seals is the keeper's.

export { startKeepingVersions } from './keep-versions.ts'
export { type SshRotating, startSshRotation } from './run-ssh-rotation.ts'
export { vaultRoutes } from './vault.routes.ts'
