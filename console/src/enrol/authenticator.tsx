import { Copyable } from '../ui/copyable.tsx'
import styles from './authenticator.module.css'
import { inFours, qrPath } from './qr.ts'

/** What an authenticator app scans, or has typed into it. Shown once. */
export function Authenticator({ uri, secret }: { uri: string; secret: string }) {
  const { size, path } = qrPath(uri)
  return (
    <div className={styles.authenticator}>
      <svg
        className={styles.code}
        viewBox={`-2 -2 ${size + 4} ${size + 4}`}
        role="img"
        aria-label="QR for your authenticator"
        shapeRendering="crispEdges"
      >
        <path d={path} fill="#000" />
      </svg>
      <div className={styles.byHand}>
        <p className={styles.hint}>Scan this with an authenticator app, or type the key in by hand:</p>
        <Copyable value={secret} shown={inFours(secret)} what="key" />
        <p className={styles.hint}>It is shown once. Nobody, not even an administrator, can see it again.</p>
      </div>
    </div>
  )
}
