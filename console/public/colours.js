// Runs before the first paint, so that a dark screen never flashes white. The toggle in the person menu writes the same key.
;(() => {
  let kept = null
  try {
    kept = localStorage.getItem('claviger-colours')
  } catch {
    // storage is off: follow the system
  }
  const dark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
