import { fail, type Result } from '../../kernel/result.ts'

/** Every way in which an SSH server can fail us. `detail` never holds a secret and is short enough to show. */
export type SshFailure =
  | { code: 'ssh.unreachable'; detail: string }
  /** The server did not prove the pinned host key. Nothing was sent to it: no name, no credential. */
  | { code: 'ssh.impostor'; expected: string; presented: string }
  | { code: 'ssh.login_refused'; detail: string }
  | { code: 'ssh.protocol'; detail: string }
  | { code: 'ssh.timeout'; detail: string }

export const unreachable = (detail: string) => fail({ code: 'ssh.unreachable', detail: short(detail) } as const)
export const impostor = (expected: string, presented: string) => fail({ code: 'ssh.impostor', expected, presented } as const)
export const loginRefused = (detail: string) => fail({ code: 'ssh.login_refused', detail: short(detail) } as const)
export const protocol = (detail: string) => fail({ code: 'ssh.protocol', detail: short(detail) } as const)
export const timedOut = (detail: string) => fail({ code: 'ssh.timeout', detail: short(detail) } as const)

export type Outcome<T> = Result<T, SshFailure>

/** Texts of servers and sockets reach people through here: one line, at most 200 printable characters. */
export const short = (text: string): string =>
  text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200)
