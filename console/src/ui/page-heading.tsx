import { type ReactNode, useEffect, useRef } from 'react'

let moved = false
/** From the first move within the console on, a page is read from its heading, as after loading a document. */
export const noteMove = (): void => {
  moved = true
}

interface Props {
  /** What the page shows; another one takes the focus again. */
  of?: string
  className?: string | undefined
  children: ReactNode
}

/** The heading of a page. Takes the focus when one comes to the page from another. */
export function PageHeading({ of, className, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another thing on the same page is another page
  useEffect(() => {
    if (moved) heading.current?.focus({ preventScroll: true })
  }, [of])
  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      {children}
    </h1>
  )
}
