import styles from './navigation.module.css'

/** A number beside a place in the navigation; nothing when nothing is there. `unit` is for those who hear it. */
export const NavCount = ({ count, unit }: { count: number; unit: string }) =>
  count > 0 ? (
    <span className={styles.count}>
      {count > 99 ? '99+' : count}
      <span className={styles.unit}> {unit}</span>
    </span>
  ) : null
