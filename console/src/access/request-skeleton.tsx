import { Skeleton, VisuallyHidden } from '@mantine/core'
import styles from './request-skeleton.module.css'

/** Takes the room that a request will take, so that nothing jumps when it arrives. */
export const RequestSkeleton = () => (
  <div className={styles.view}>
    <VisuallyHidden>Loading</VisuallyHidden>
    <Skeleton height={22} width={190} />
    <Skeleton height={28} width="70%" />
    <Skeleton height={20} width="45%" />
    <Skeleton height={48} />
    <Skeleton height={38} />
    {[0, 1, 2, 3].map((row) => (
      <Skeleton key={row} height={40} />
    ))}
  </div>
)

export const RowsSkeleton = () => (
  <>
    <VisuallyHidden>Loading</VisuallyHidden>
    {[0, 1, 2].map((row) => (
      <div key={row} className={styles.row}>
        <Skeleton height={18} width="75%" />
        <Skeleton height={34} />
        <Skeleton height={22} width="55%" />
      </div>
    ))}
  </>
)
