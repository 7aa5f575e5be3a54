import pino, { type Logger } from 'pino'

export type { Logger }

// names of fields that never belong into a log, at any of the first levels of nesting
const never = ['password', 'secret', 'token', 'code', 'cookie', 'authorization', 'presence', 'verifier', 'privateKey', 'set-cookie']

/** Texts of ours that open something, wherever in a line they got to: shares of a seal; sign-ins, links and tickets. */
const ours = /\bclvs-[0-9a-z-]{16,}|\bclv[a-z]*_[A-Za-z0-9_-]{16,}/gi

/** JSON lines on stderr. Fields with a secret's name are blanked, as is what looks like one; a `Secret` prints as "[secret]" by itself. */
export const openLog = (process: string, level = 'info'): Logger =>
  pino(
    {
      level,
      base: { process },
      // libraries and we name errors either way
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { streamWrite: (line) => line.replace(ours, '[redacted]') },
      redact: { paths: never.flatMap((n) => [`["${n}"]`, `*["${n}"]`, `*.*["${n}"]`]), censor: '[redacted]' },
    },
    pino.destination({ dest: 2, sync: true }),
  )
