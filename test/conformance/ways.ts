/** The protocols of the gateways; each is a lane of its own, with one account. */
export const wires = ['ssh', 'postgres', 'mysql'] as const
export type Wire = (typeof wires)[number]

/**
 * The ways by which the same is done. native: OpenSSH, psql, mariadb. web: terminal and SQL of the console. cli: `claviger …`. api: a program with
 * the API and a library. forwarded: a native client whose connection passes through another session of the SSH gateway.
 */
export const paths = ['native', 'web', 'cli', 'api', 'forwarded'] as const
export type Path = (typeof paths)[number]
