import styles from './navigation.module.css'

/** A number beside a place in the navigation; nothing when nothing is there. `more`: there are at least so many. `unit` is for those who hear it. */
export const NavCount = ({ count, more, unit }: { count: number; more?: boolean; unit: string }) =>
  count > 0 ? (
    <span className={styles.count}>
      {count > 99 ? '99+' : `${count}${more ? '+' : ''}`}
      <span className={styles.unit}> {unit}</span>
    </span>
  ) : null
