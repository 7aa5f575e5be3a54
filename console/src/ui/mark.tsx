/** The mark: a key whose bow is the C of Claviger. Takes its colour from the text around it. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true" focusable="false">
      <path d="M16.9 10.1a8.5 8.5 0 1 0 0 11.8" stroke="currentColor" strokeWidth="3.6" strokeLinecap="round" />
      <path d="M10.8 16H29M28 16v5.4M22.4 16v4" stroke="var(--brass-mark)" strokeWidth="3" strokeLinecap="round" />
      <circle cx="10.8" cy="16" r="2.6" fill="var(--brass-mark)" />
    </svg>
  )
}
