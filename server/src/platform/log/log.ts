import pino, { type Logger } from 'pino'

export type { Logger }

// names of fields that never belong into a log, at any of the first levels of nesting
const never = ['password', 'secret', 'token', 'code', 'cookie', 'authorization', 'presence', 'verifier', 'privateKey', 'set-cookie']

/** JSON lines on stderr. Fields with a secret's name are blanked; a `Secret` prints as "[secret]" by itself. */
export const openLog = (process: string, level = 'info'): Logger =>
  pino(
    {
      level,
      base: { process },
      // libraries and we name errors either way
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: never.flatMap((n) => [`["${n}"]`, `*["${n}"]`, `*.*["${n}"]`]), censor: '[redacted]' },
    },
    pino.destination({ dest: 2, sync: true }),
  )
